package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.resilientdb.jpa.Entities.Flagged;
import io.github.resilientdb.jpa.Entities.FlaggedRepository;
import io.github.resilientdb.jpa.Entities.Invoice;
import io.github.resilientdb.jpa.Entities.Item;
import io.github.resilientdb.jpa.Entities.Line;
import io.github.resilientdb.jpa.Entities.Note;
import io.github.resilientdb.jpa.Entities.Order;
import io.github.resilientdb.jpa.Entities.OrderRepository;
import io.github.resilientdb.jpa.Entities.Primitive;
import io.github.resilientdb.jpa.Entities.Seat;
import io.github.resilientdb.jpa.Entities.Voucher;
import io.github.resilientdb.jpa.Entities.VoucherRepository;
import jakarta.persistence.EntityManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what becomes of the entities that a failed attempt made persistent.
 */
@ExtendWith(OutputCaptureExtension.class)
class EntityRestorationIntegrationTests {

	@RegisterExtension
	static final JpaTestContext context = new JpaTestContext();

	@BeforeEach
	void empty() {
		context.transaction.executeWithoutResult((status) -> {
			for (Class<?> type : List.of(Seat.class, Item.class, Invoice.class, Line.class, Order.class, Note.class,
					Voucher.class, Primitive.class, Flagged.class)) {
				context.entityManager.createQuery("from " + type.getSimpleName(), type)
					.getResultList()
					.forEach(context.entityManager::remove);
				context.entityManager.flush();
			}
		});
	}

	@AfterEach
	void nothingIsLeftBehind() {
		assertThat(JpaAttempt.current()).isNull();
		assertThat(context.activeConnections()).isZero();
	}

	@Test
	void insertsAnArgumentAgain() {
		Order order = new Order();
		OrderRepository orders = context.bean(OrderRepository.class);
		Order saved = context.rerun((entityManager) -> {
			assertThat(order.id).isNull();
			assertThat(order.version).isNull();
			assertThat(order.createdBy).isNull();
			return orders.save(order);
		});
		assertThat(context.reruns.attempts()).isEqualTo(2);
		assertThat(saved).isSameAs(order);
		assertThat(context.count(Order.class)).isOne();
		assertThat(find(Order.class, order.id).version).isEqualTo(order.version).isZero();
	}

	@Test
	void insertsWhatIsInsideOfAnything() {
		record Command(List<Order> orders) {
		}
		Command command = new Command(List.of(new Order(), new Order()));
		Note captured = Note.of("captured");
		context.rerun((entityManager) -> {
			entityManager.persist(captured);
			return context.bean(OrderRepository.class).saveAll(command.orders());
		});
		assertThat(context.count(Order.class)).isEqualTo(2);
		assertThat(find(Note.class, captured.id)).isNotNull();
	}

	@Test
	void insertsChildrenAgain() {
		Order order = new Order().addLine("a").addLine("b");
		order.lines.get(0).note = Note.of("deep");
		List<Line> lines = order.lines;
		List<Line> content = List.copyOf(lines);
		OrderRepository orders = context.bean(OrderRepository.class);
		context.rerun((entityManager) -> {
			assertThat(order.lines).isSameAs(lines).containsExactlyElementsOf(content);
			assertThat(lines).extracting((line) -> line.id).containsOnlyNulls();
			return orders.save(order);
		});
		assertThat(context.count(Order.class)).isOne();
		assertThat(context.count(Line.class)).isEqualTo(2);
		assertThat(context.count(Note.class)).isOne();
		assertThat(content).allSatisfy((line) -> assertThat(find(Line.class, line.id).product).isEqualTo(line.product));
	}

	@Test
	void putsTheContentOfCollectionsBack() {
		Order order = new Order().addLine("before");
		order.notes.add(Note.of("before"));
		order.labels.put("before", "x");
		order.shipping.parcels.add("before");
		Set<Note> notes = order.notes;
		context.rerunWithoutResult((entityManager) -> {
			assertThat(order.notes).isSameAs(notes).extracting((note) -> note.text).containsExactly("before");
			assertThat(order.labels).containsOnlyKeys("before");
			assertThat(order.shipping.parcels).containsExactly("before");
			assertThat(order.lines).hasSize(1);
			assertThat(order.status).isEqualTo("NEW");
			entityManager.persist(order);
			order.addLine("after");
			order.notes.add(Note.of("after"));
			order.labels.put("after", "y");
			order.shipping.parcels.add("after");
			order.status = "DONE";
		});
		assertThat(context.count(Line.class)).isEqualTo(2);
		assertThat(context.count(Note.class)).isEqualTo(2);
		assertThat(context.count("select count(l) from Order o join o.labels l")).isEqualTo(2);
		assertThat(context.count("select count(p) from Order o join o.shipping.parcels p")).isEqualTo(2);
	}

	@Test
	void insertsAnAssignedIdentifierAgain() {
		Voucher voucher = Voucher.of("assigned");
		Voucher saved = context.rerun((entityManager) -> context.bean(VoucherRepository.class).save(voucher));
		assertThat(saved).isSameAs(voucher);
		assertThat(context.count(Voucher.class)).isOne();
	}

	@Test
	void insertsPrimitiveIdentifiersAndVersionsAgain() {
		Primitive primitive = new Primitive();
		context.rerunWithoutResult((entityManager) -> {
			assertThat(primitive.id).isZero();
			entityManager.persist(primitive);
		});
		assertThat(find(Primitive.class, primitive.id)).isNotNull();
	}

	@Test
	void insertsAnEmbeddedIdentifierAgain() {
		Item item = new Item();
		item.order = new Order();
		item.id.position = 3;
		Entities.ItemId id = item.id;
		context.rerunWithoutResult((entityManager) -> {
			assertThat(item.id).isSameAs(id);
			assertThat(item.id.orderId).isNull();
			entityManager.persist(item);
		});
		assertThat(context.count(Item.class)).isOne();
		assertThat(find(Item.class, item.id).id.orderId).isEqualTo(item.order.id);
	}

	@Test
	void insertsADerivedIdentifierAgain() {
		Invoice invoice = new Invoice();
		invoice.order = new Order();
		context.rerunWithoutResult((entityManager) -> {
			assertThat(invoice.id).isNull();
			entityManager.persist(invoice);
		});
		assertThat(find(Invoice.class, invoice.id).id).isEqualTo(invoice.order.id);
	}

	@Test
	void insertsAnIdentifierSpreadOverTheEntityAgain() {
		Seat seat = new Seat();
		seat.order = new Order();
		seat.number = 7;
		context.rerunWithoutResult((entityManager) -> entityManager.persist(seat));
		assertThat(context.count(Seat.class)).isOne();
		assertThat(context.count(Order.class)).isOne();
	}

	@Test
	void insertsWhatTheFlushMadePersistentAgain() {
		Order stored = context.transaction.execute((status) -> context.bean(OrderRepository.class).save(new Order()));
		Line line = new Line();
		line.product = "added";
		context.rerunWithoutResult((entityManager) -> {
			assertThat(line.id).isNull();
			Order order = entityManager.find(Order.class, stored.id);
			line.order = order;
			order.lines.add(line);
		});
		assertThat(context.count(Line.class)).isOne();
		assertThat(find(Line.class, line.id)).isNotNull();
	}

	@Test
	void leavesMergedChildrenAlone() {
		Order stored = context.transaction.execute((status) -> context.bean(OrderRepository.class).save(new Order()));
		Line line = new Line();
		context.rerunWithoutResult((entityManager) -> {
			Order order = entityManager.find(Order.class, stored.id);
			line.order = order;
			order.lines.add(line);
			context.bean(OrderRepository.class).save(order);
		});
		assertThat(context.count(Line.class)).isOne();
	}

	@Test
	void savesTwiceInOneAttempt() {
		Order order = new Order().addLine("first");
		context.rerunWithoutResult((entityManager) -> {
			OrderRepository orders = context.bean(OrderRepository.class);
			orders.save(order);
			order.addLine("second");
			orders.save(order);
		});
		assertThat(context.count(Order.class)).isOne();
		assertThat(context.count(Line.class)).isEqualTo(2);
	}

	@Test
	void doesNotPutBackWhatAnInnerTransactionCommitted() {
		TransactionTemplate inner = new TransactionTemplate(context.transactionManager);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		Order committed = new Order();
		Order own = new Order();
		List<Object> identifiers = new ArrayList<>();
		context.rerunWithoutResult((entityManager) -> {
			context.bean(OrderRepository.class).save(own);
			inner.executeWithoutResult((status) -> context.bean(OrderRepository.class).save(committed));
			identifiers.add(committed.id);
		});
		assertThat(identifiers).hasSize(2);
		assertThat(identifiers.get(1)).isEqualTo(identifiers.get(0));
		assertThat(context.count(Order.class)).isEqualTo(2);
	}

	@Test
	void putsBackWhatARolledBackInnerAttemptPersisted() {
		TransactionTemplate inner = new TransactionTemplate(context.transactionManager);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		Reruns innerReruns = new Reruns(context.bean(PersistenceAttemptListener.class), inner, context.entityManager);
		Order order = new Order();
		context.rerunWithoutResult((entityManager) -> {
			assertThat(order.id).isNull();
			boolean first = context.reruns.isFirst();
			try {
				innerReruns.call(1, (same) -> {
					same.persist(order);
					same.flush();
					if (first) {
						throw new IllegalStateException("rolled back");
					}
					return null;
				});
			}
			catch (IllegalStateException ex) {
				assertThat(order.id).isNotNull();
			}
		});
		assertThat(context.count(Order.class)).isOne();
	}

	@Test
	void rerunsAnInnerAttemptByItself() {
		TransactionTemplate inner = new TransactionTemplate(context.transactionManager);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		Reruns innerReruns = new Reruns(context.bean(PersistenceAttemptListener.class), inner, context.entityManager);
		Order outerOrder = new Order();
		Order innerOrder = new Order();
		context.reruns.call((entityManager) -> {
			entityManager.persist(outerOrder);
			innerReruns.call((same) -> {
				assertThat(innerOrder.id).isNull();
				same.persist(innerOrder);
				same.flush();
				if (innerReruns.isFirst()) {
					context.killConnection();
				}
				same.createNativeQuery("select 1").getSingleResult();
				return null;
			});
			assertThat(entityManager.contains(outerOrder)).isTrue();
			return null;
		});
		assertThat(context.reruns.attempts()).isOne();
		assertThat(innerReruns.attempts()).isEqualTo(2);
		assertThat(context.count(Order.class)).isEqualTo(2);
	}

	@Test
	void warnsOnceOfAFlagOfTheEntitysOwn(CapturedOutput output) {
		Flagged flagged = Flagged.of("flagged");
		context.rerun((entityManager) -> context.bean(FlaggedRepository.class).save(flagged));
		assertThat(context.count(Flagged.class)).isOne();
		assertThat(output).containsOnlyOnce("no longer say isNew()")
			.contains("The rerun of Test.call finds instances of " + Flagged.class.getName());
	}

	@Test
	void leavesAloneWhatNoAttemptMadePersistent() {
		Order order = new Order();
		context.transaction.executeWithoutResult((status) -> context.entityManager.persist(order));
		Object id = order.id;
		context.rerunWithoutResult((entityManager) -> assertThat(order.id).isEqualTo(id));
	}

	private static <T> T find(Class<T> type, Object id) {
		return context.transaction.execute((status) -> {
			EntityManager entityManager = context.entityManager;
			return entityManager.find(type, id);
		});
	}

}
