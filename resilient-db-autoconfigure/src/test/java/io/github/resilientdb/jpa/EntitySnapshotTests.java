package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.jpa.Entities.Item;
import io.github.resilientdb.jpa.Entities.Line;
import io.github.resilientdb.jpa.Entities.Note;
import io.github.resilientdb.jpa.Entities.Order;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.spi.EventSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link EntitySnapshot} and {@link SessionSnapshot}.
 */
class EntitySnapshotTests {

	private static SessionFactory sessionFactory;

	private static ObjectGraph.Types types;

	@BeforeAll
	static void start() {
		sessionFactory = new Configuration().addAnnotatedClass(Note.class)
			.addAnnotatedClass(Order.class)
			.addAnnotatedClass(Line.class)
			.addAnnotatedClass(Item.class)
			.setProperty("hibernate.connection.url", "jdbc:h2:mem:snapshots;DB_CLOSE_DELAY=-1")
			.setProperty("hibernate.hbm2ddl.auto", "create")
			.buildSessionFactory();
		types = new ObjectGraph.Types(List.of(new EntityTypes(sessionFactory.unwrap(SessionFactoryImplementor.class))));
	}

	@AfterAll
	static void stop() {
		sessionFactory.close();
	}

	@Test
	void putsBackAttributesEmbeddablesAndCollections() {
		Order order = new Order().addLine("a");
		order.shipping.street = "before";
		List<Line> lines = order.lines;
		Entities.Shipping shipping = order.shipping;
		ObjectGraph graph = graphOf(order);
		order.id = 1L;
		order.version = 3;
		order.status = "DONE";
		order.shipping.street = "after";
		order.shipping.parcels.add("after");
		order.labels.put("after", "after");
		order.lines.get(0).product = "after";
		order.lines = new ArrayList<>();
		lines.clear();
		graph.restore();
		assertThat(order.id).isNull();
		assertThat(order.version).isNull();
		assertThat(order.status).isEqualTo("NEW");
		assertThat(order.shipping).isSameAs(shipping);
		assertThat(order.shipping.street).isEqualTo("before");
		assertThat(order.shipping.parcels).isEmpty();
		assertThat(order.labels).isEmpty();
		assertThat(order.lines).isSameAs(lines).extracting((line) -> line.product).containsExactly("a");
	}

	@Test
	void putsBackSeveralTimes() {
		Order order = new Order().addLine("a");
		ObjectGraph graph = graphOf(order);
		for (int i = 0; i < 3; i++) {
			order.status = "DONE";
			order.addLine("b");
			graph.restore();
			assertThat(order.status).isEqualTo("NEW");
			assertThat(order.lines).hasSize(1);
		}
	}

	@Test
	void putsBackThatNothingWasLoaded() {
		Object id = store(new Order().addLine("a"));
		try (Session session = sessionFactory.openSession()) {
			Order order = session.find(Order.class, id);
			ObjectGraph graph = graphOf(order);
			assertThat(Hibernate.isInitialized(order.lines)).isFalse();
			order.lines.get(0).product = "changed";
			graph.restore();
			assertThat(Hibernate.isInitialized(order.lines)).isFalse();
		}
	}

	@Test
	void loadsNoCollectionThatIsGivenWithoutItsEntity() {
		Object id = store(new Order().addLine("a"));
		try (Session session = sessionFactory.openSession()) {
			List<Line> lines = session.find(Order.class, id).lines;
			ObjectGraph graph = graphOf(lines);
			assertThat(Hibernate.isInitialized(lines)).isFalse();
			lines.clear();
			graph.restore();
			assertThat(Hibernate.isInitialized(lines)).isFalse();
			assertThat(lines).hasSize(1);
		}
	}

	@Test
	void letsASessionManageWhatItDid() {
		Object id = store(new Order().addLine("a"));
		try (Session session = sessionFactory.openSession()) {
			Order order = session.find(Order.class, id);
			order.status = "PENDING";
			Order proxy = session.getReference(Order.class, id(new Order()));
			SessionSnapshot snapshot = SessionSnapshot.of(session.unwrap(EventSource.class), types);
			order.status = "FAILED";
			order.lines.get(0).product = "failed";
			proxy.addLine("failed");
			session.clear();
			snapshot.restore();
			assertThat(session.contains(order)).isTrue();
			assertThat(session.find(Order.class, id)).isSameAs(order);
			assertThat(order.status).isEqualTo("PENDING");
			assertThat(Hibernate.isInitialized(proxy)).isFalse();
			assertThat(order.lines).extracting((line) -> line.product).containsExactly("a");
			session.beginTransaction();
			session.getTransaction().commit();
		}
		try (Session session = sessionFactory.openSession()) {
			assertThat(session.find(Order.class, id).status).isEqualTo("PENDING");
		}
	}

	@Test
	void takesNoSnapshotOfASessionInWhichSomethingWaitsForAFlush() {
		try (Session session = sessionFactory.openSession()) {
			session.persist(new Order());
			assertThatIllegalStateException()
				.isThrownBy(() -> SessionSnapshot.of(session.unwrap(EventSource.class), types))
				.withMessageContaining("flush");
		}
	}

	private static ObjectGraph graphOf(Object entity) {
		ObjectGraph graph = new ObjectGraph(types);
		graph.add(entity);
		return graph;
	}

	private static Object id(Order order) {
		return store(order);
	}

	@SuppressWarnings("NullAway")
	private static Object store(Order order) {
		return sessionFactory.fromTransaction((session) -> {
			session.persist(order);
			return order.id;
		});
	}

}
