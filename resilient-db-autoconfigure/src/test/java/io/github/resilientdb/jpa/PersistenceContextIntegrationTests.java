package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.resilientdb.jpa.Entities.Order;
import io.github.resilientdb.jpa.Entities.OrderRepository;
import io.github.resilientdb.jpa.Entities.Primitive;
import jakarta.persistence.EntityManager;
import org.hibernate.engine.spi.SessionImplementor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for sessions that are bound to the thread before a transaction begins, as
 * open-in-view does.
 */
class PersistenceContextIntegrationTests {

	@RegisterExtension
	static final JpaTestContext context = new JpaTestContext();

	private Order stored;

	@BeforeEach
	void store() {
		this.stored = context.transaction
			.execute((status) -> context.bean(OrderRepository.class).save(new Order().addLine("a")));
	}

	@AfterEach
	void nothingIsLeftBehind() {
		assertThat(JpaAttempt.current()).isNull();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(context.activeConnections()).isZero();
	}

	@Test
	void rerunsOnTheSameSession() {
		try (JpaTestContext.View view = context.openView()) {
			EntityManager before = boundEntityManager();
			Order order = context.rerun((entityManager) -> {
				Order found = find(this.stored.id);
				assertThat(found.status).isEqualTo("NEW");
				found.status = "DONE";
				return found;
			});
			assertThat(context.reruns.attempts()).isEqualTo(2);
			assertThat(boundEntityManager()).isSameAs(before);
			assertThat(before.contains(order)).isTrue();
			assertThat(order.lines).hasSize(1);
			assertThat(context.transaction.<String>execute((status) -> find(this.stored.id).status)).isEqualTo("DONE");
			assertThat(context.activeConnections()).isOne();
		}
		assertThat(context.transaction.<Integer>execute((status) -> find(this.stored.id).version)).isOne();
	}

	@Test
	void rerunsThoughTheConnectionDiedBefore() {
		try (JpaTestContext.View view = context.openView()) {
			find(this.stored.id);
			context.killConnection();
			String status = context.reruns.call((entityManager) -> find(this.stored.id).lines.get(0).product);
			assertThat(status).isEqualTo("a");
		}
	}

	@Test
	void rerunsWhenTheConnectionDiesAtCommit() {
		try (JpaTestContext.View view = context.openView()) {
			context.reruns.call((entityManager) -> {
				find(this.stored.id).status = "DONE";
				if (context.reruns.isFirst()) {
					context.killConnection();
				}
				return null;
			});
			assertThat(context.reruns.attempts()).isEqualTo(2);
			assertThat(find(this.stored.id).lines).hasSize(1);
		}
	}

	@Test
	void rerunsWhenTheConnectionDiesInABatch() {
		List<Primitive> batch = Stream.generate(Primitive::new).limit(12).toList();
		long before = context.count(Primitive.class);
		try (JpaTestContext.View view = context.openView()) {
			context.reruns.call((entityManager) -> {
				batch.forEach(entityManager::persist);
				if (context.reruns.isFirst()) {
					context.killConnection();
				}
				entityManager.flush();
				return null;
			});
			assertThat(context.reruns.attempts()).isEqualTo(2);
			assertThat(find(this.stored.id).lines).hasSize(1);
		}
		assertThat(context.count(Primitive.class)).isEqualTo(before + batch.size());
	}

	@Test
	void rerunsWithAnotherIsolationLevelAndReadOnly() {
		TransactionTemplate serializable = new TransactionTemplate(context.transactionManager);
		serializable.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
		serializable.setReadOnly(true);
		Reruns reruns = new Reruns(context.bean(PersistenceAttemptListener.class), serializable, context.entityManager);
		try (JpaTestContext.View view = context.openView()) {
			List<Object> settings = new ArrayList<>();
			reruns.call((entityManager) -> {
				if (reruns.isFirst()) {
					context.killConnection();
				}
				settings.add(setting("transaction_isolation"));
				settings.add(setting("transaction_read_only"));
				return null;
			});
			assertThat(settings).containsExactly("serializable", "on");
			assertThat(setting("transaction_isolation")).isEqualTo("read committed");
			assertThat(setting("transaction_read_only")).isEqualTo("off");
			context.transaction.executeWithoutResult((status) -> find(this.stored.id).status = "WRITTEN");
		}
		assertThat(find(this.stored.id).status).isEqualTo("WRITTEN");
	}

	@Test
	void theRestOfARequestGoesOnAfterACallThatFailed() {
		try (JpaTestContext.View view = context.openView()) {
			Order order = find(this.stored.id);
			assertThatException().isThrownBy(() -> context.reruns.call(1, (entityManager) -> {
				context.killConnection();
				return entityManager.createNativeQuery("select 1").getSingleResult();
			}));
			assertThat(context.<String>rerun((entityManager) -> find(order.id).status)).isEqualTo("NEW");
			assertThat(find(order.id).lines).hasSize(1);
		}
	}

	@Test
	void theRestOfARequestGoesOnAfterAPlainTransactionThatFailed() {
		try (JpaTestContext.View view = context.openView()) {
			assertThatException().isThrownBy(() -> context.transaction.executeWithoutResult((status) -> {
				context.killConnection();
				context.entityManager.createNativeQuery("select 1").getSingleResult();
			}));
			assertThat(find(this.stored.id).lines).hasSize(1);
			assertThat(context.transaction.<String>execute((status) -> find(this.stored.id).status)).isEqualTo("NEW");
		}
	}

	@Test
	void aTransactionBeginsThoughAReadOutsideOfItLostTheConnection() {
		try (JpaTestContext.View view = context.openView()) {
			context.killConnection();
			assertThatException().isThrownBy(() -> find(this.stored.id));
			assertThat(context.transaction.<String>execute((status) -> find(this.stored.id).status)).isEqualTo("NEW");
		}
	}

	@Test
	void keepsTheEntitiesOfACallThatLostAConnectionAndSucceeded() {
		PersistenceAttemptListener listener = context.bean(PersistenceAttemptListener.class);
		try (JpaTestContext.View view = context.openView()) {
			listener.attemptStarting("Test.call");
			Order order = context.transaction.execute((status) -> find(this.stored.id));
			loseConnection();
			listener.attemptCompleted(true);
			assertThat(boundEntityManager().contains(order)).isTrue();
			assertThat(order.lines).hasSize(1);
		}
	}

	@Test
	void givesTheConnectionBackBetweenAttempts() {
		PersistenceAttemptListener listener = context.bean(PersistenceAttemptListener.class);
		try (JpaTestContext.View view = context.openView()) {
			listener.attemptStarting("Test.call");
			find(this.stored.id);
			assertThat(context.activeConnections()).isOne();
			listener.attemptDiscarded();
			assertThat(context.activeConnections()).isZero();
		}
	}

	@Test
	void savesWhatItFoundManaged() {
		try (JpaTestContext.View view = context.openView()) {
			Order order = find(this.stored.id);
			assertThat(order.lines).hasSize(1);
			order.status = "BOUND";
			OrderRepository orders = context.bean(OrderRepository.class);
			loseTheFirstTwo((entityManager) -> {
				assertThat(order.status).isEqualTo("BOUND");
				assertThat(order.lines).hasSize(1);
				order.status += "!";
				order.addLine("b");
				orders.save(order);
			});
		}
		context.transaction.executeWithoutResult((status) -> {
			assertThat(find(this.stored.id).status).isEqualTo("BOUND!");
			assertThat(find(this.stored.id).lines).hasSize(2);
		});
	}

	@Test
	void writesAChangeOfWhatItFoundManaged() {
		try (JpaTestContext.View view = context.openView()) {
			Order order = find(this.stored.id);
			context.rerunWithoutResult((entityManager) -> order.status += "!");
			assertThat(context.reruns.attempts()).isEqualTo(2);
			assertThat(order.status).isEqualTo("NEW!");
			assertThat(context.entityManager.contains(order)).isTrue();
		}
		assertThat(find(this.stored.id).status).isEqualTo("NEW!");
	}

	@Test
	void writesAChildOfWhatItFoundManaged() {
		try (JpaTestContext.View view = context.openView()) {
			Order order = find(this.stored.id);
			context.rerunWithoutResult((entityManager) -> order.addLine("b"));
			assertThat(order.lines).hasSize(2);
		}
		context.transaction.executeWithoutResult((status) -> assertThat(find(this.stored.id).lines).hasSize(2));
	}

	@Test
	void doesNotMindTheInverseSideOfWhatItFoundManaged() {
		try (JpaTestContext.View view = context.openView()) {
			Order order = find(this.stored.id);
			assertThat(order.lines).hasSize(1);
			context.rerunWithoutResult((entityManager) -> {
				order.addLine("b");
				entityManager.persist(order.lines.get(1));
			});
		}
		context.transaction.executeWithoutResult((status) -> assertThat(find(this.stored.id).lines).hasSize(2));
	}

	@Test
	void doesNotMindWhatIsOnlyRead() {
		TransactionTemplate readOnly = new TransactionTemplate(context.transactionManager);
		readOnly.setReadOnly(true);
		Reruns reruns = new Reruns(context.bean(PersistenceAttemptListener.class), readOnly, context.entityManager);
		try (JpaTestContext.View view = context.openView()) {
			Order order = find(this.stored.id);
			reruns.call((entityManager) -> {
				if (reruns.isFirst()) {
					context.killConnection();
				}
				order.status = "NOT WRITTEN";
				return setting("transaction_read_only");
			});
			assertThat(reruns.attempts()).isEqualTo(2);
		}
	}

	@Test
	void doesNotTouchTheSessionOfAnOuterTransaction() {
		TransactionTemplate inner = new TransactionTemplate(context.transactionManager);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		Reruns innerReruns = new Reruns(context.bean(PersistenceAttemptListener.class), inner, context.entityManager);
		try (JpaTestContext.View view = context.openView()) {
			context.transaction.executeWithoutResult((status) -> {
				Order order = find(this.stored.id);
				order.status = "OUTER";
				innerReruns.call((entityManager) -> {
					if (innerReruns.isFirst()) {
						context.killConnection();
					}
					return entityManager.createNativeQuery("select 1").getSingleResult();
				});
				assertThat(context.entityManager.contains(order)).isTrue();
				assertThat(order.lines).hasSize(1);
			});
			assertThat(innerReruns.attempts()).isEqualTo(2);
			assertThat(find(this.stored.id).status).isEqualTo("OUTER");
		}
	}

	@Test
	void whatWasRegisteredWithAFailedTransactionDoesNotFireWithTheNext() {
		AtomicReference<String> fired = new AtomicReference<>("");
		try (JpaTestContext.View view = context.openView()) {
			context.rerunWithoutResult((entityManager) -> {
				int attempt = context.reruns.attempts();
				boundEntityManager().unwrap(SessionImplementor.class)
					.getTransaction()
					.registerSynchronization(new jakarta.transaction.Synchronization() {
						@Override
						public void beforeCompletion() {
						}

						@Override
						public void afterCompletion(int status) {
							fired.accumulateAndGet(attempt + ":" + status + " ", String::concat);
						}
					});
				TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
				});
			});
		}
		assertThat(fired).hasValue("1:" + jakarta.transaction.Status.STATUS_ROLLEDBACK + " 2:"
				+ jakarta.transaction.Status.STATUS_COMMITTED + " ");
	}

	@Test
	void aTimeoutOfAFailedTransactionDoesNotGoOn() throws InterruptedException {
		TransactionTemplate brief = new TransactionTemplate(context.transactionManager);
		brief.setTimeout(1);
		try (JpaTestContext.View view = context.openView()) {
			assertThatException().isThrownBy(() -> brief.executeWithoutResult((status) -> {
				context.killConnection();
				context.entityManager.createNativeQuery("select 1").getSingleResult();
			}));
			SessionImplementor session = boundEntityManager().unwrap(SessionImplementor.class);
			assertThat(session.getJdbcCoordinator().determineRemainingTransactionTimeOutPeriod()).isEqualTo(-1);
		}
	}

	private static void loseTheFirstTwo(Consumer<EntityManager> work) {
		context.reruns.call(3, (entityManager) -> {
			work.accept(entityManager);
			entityManager.flush();
			if (context.reruns.attempts() < 3) {
				context.killConnection();
			}
			return entityManager.createNativeQuery("select 1").getSingleResult();
		});
	}

	private static void loseConnection() {
		context.killConnection();
		assertThatException().isThrownBy(() -> context.entityManager.createNativeQuery("select 1").getSingleResult());
	}

	private static Object setting(String name) {
		return context.entityManager.createNativeQuery("select current_setting('" + name + "')").getSingleResult();
	}

	private static Order find(Object id) {
		return context.entityManager.find(Order.class, id);
	}

	private static EntityManager boundEntityManager() {
		EntityManagerHolder holder = (EntityManagerHolder) TransactionSynchronizationManager
			.getResource(context.entityManagerFactory);
		assertThat(holder).isNotNull();
		return holder.getEntityManager();
	}

}
