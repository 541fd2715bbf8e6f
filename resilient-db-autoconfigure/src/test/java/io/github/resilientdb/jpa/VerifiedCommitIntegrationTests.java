package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.jpa.Entities.Order;
import io.github.resilientdb.jpa.Entities.OrderRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what goes on after a commit that was verified on another connection: the one
 * that the session holds is dead, and the pool has not noticed.
 */
class VerifiedCommitIntegrationTests {

	private static final LostAfterCommit faults = new LostAfterCommit();

	@RegisterExtension
	static final JpaTestContext context = new JpaTestContext(
			(application) -> application.getBeanFactory().registerSingleton("faults", faults));

	private Order stored;

	@BeforeEach
	void store() {
		this.stored = context.transaction
			.execute((status) -> context.bean(OrderRepository.class).save(new Order().addLine("a")));
	}

	@AfterEach
	void nothingIsLeftBehind() {
		assertThat(context.activeConnections()).isZero();
	}

	@Test
	void theRestOfARequestGoesOnWithItsEntities() {
		try (JpaTestContext.View view = context.openView()) {
			faults.arm();
			Order order = context.transaction.execute((status) -> find());
			assertThat(order.lines).hasSize(1);
			assertThat(context.transaction.<Boolean>execute((status) -> context.entityManager.contains(order)))
				.isTrue();
		}
	}

	@Test
	void callbacksAfterTheCommitCanReadUnderOpenInView() {
		try (JpaTestContext.View view = context.openView()) {
			assertThat(readAfterCommit()).containsExactly("a");
		}
	}

	@Test
	void callbacksAfterTheCommitCanReadWithoutOpenInView() {
		assertThat(readAfterCommit()).containsExactly("a");
	}

	@Test
	void aSessionIsDisconnectedWithoutTheTransactionListenerToo() {
		PersistenceAttemptListener listener = context.bean(PersistenceAttemptListener.class);
		try (JpaTestContext.View view = context.openView()) {
			listener.attemptStarting("Test.call");
			faults.arm();
			Order order = context.unobservedTransaction().execute((status) -> find());
			listener.attemptCompleted(true);
			assertThat(order.lines).hasSize(1);
		}
	}

	private List<String> readAfterCommit() {
		List<String> read = new ArrayList<>();
		context.transaction.executeWithoutResult((status) -> {
			Order order = find();
			order.status = "DONE";
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
				@Override
				public int getOrder() {
					return Integer.MIN_VALUE;
				}

				@Override
				public void afterCommit() {
					order.lines.forEach((line) -> read.add(line.product));
				}
			});
			faults.arm();
		});
		return read;
	}

	private Order find() {
		return context.entityManager.find(Order.class, this.stored.id);
	}

}
