package io.github.resilientdb.jpa;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.jpa.Entities.Note;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.SessionFactory;
import org.hibernate.StatelessSession;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.orm.jpa.hibernate.HibernateTransactionManager;
import org.springframework.orm.jpa.hibernate.LocalSessionFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for session factories of all makes.
 */
class SessionFactoriesTests {

	private final PersistenceAttemptListener listener = new PersistenceAttemptListener();

	private final List<AutoCloseable> resources = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (int i = this.resources.size() - 1; i >= 0; i--) {
			this.resources.get(i).close();
		}
		assertThat(JpaAttempt.current()).isNull();
	}

	@Test
	void aFactoryOfTheUsers() {
		EntityManagerFactory factory = entityManagerFactory(pool());
		insertsAgain(new JpaTransactionManager(factory), factory);
	}

	@Test
	void aFactoryOfHibernatesOwn() {
		SessionFactory factory = hold(new Configuration().addAnnotatedClass(Note.class)
			.setProperties(properties())
			.setProperty("hibernate.connection.url", "jdbc:h2:mem:own;DB_CLOSE_DELAY=-1")
			.buildSessionFactory());
		Note note = new Note();
		for (int attempt = 1; attempt <= 2; attempt++) {
			this.listener.attemptStarting("Test.call");
			assertThat(note.id).isNull();
			EntityManager entityManager = factory.createEntityManager();
			entityManager.getTransaction().begin();
			entityManager.persist(note);
			entityManager.getTransaction().rollback();
			entityManager.close();
			this.listener.attemptDiscarded();
		}
		assertThat(note.id).isNull();
	}

	@Test
	void aSessionFactoryBeanAndItsTransactionManager() throws Exception {
		LocalSessionFactoryBean bean = new LocalSessionFactoryBean();
		bean.setDataSource(pool());
		bean.setAnnotatedClasses(Note.class);
		bean.setHibernateProperties(properties());
		bean.afterPropertiesSet();
		this.resources.add(bean::destroy);
		SessionFactory factory = bean.getObject();
		insertsAgain(new HibernateTransactionManager(factory), factory);
	}

	@Test
	void theSessionsOfAllFactoriesAreClearedAndDisconnected() {
		HikariDataSource firstPool = pool();
		HikariDataSource secondPool = pool();
		try (Bound first = bind(entityManagerFactory(firstPool));
				Bound second = bind(entityManagerFactory(secondPool))) {
			this.listener.attemptStarting("Test.call");
			List<Note> notes = List.of(read(first), read(second));
			assertThat(firstPool.getHikariPoolMXBean().getActiveConnections()).isOne();
			this.listener.attemptDiscarded();
			assertThat(first.entityManager().contains(notes.get(0))).isFalse();
			assertThat(second.entityManager().contains(notes.get(1))).isFalse();
			assertThat(firstPool.getHikariPoolMXBean().getActiveConnections()).isZero();
			assertThat(secondPool.getHikariPoolMXBean().getActiveConnections()).isZero();
			assertThat(read(first)).isNotNull();
		}
	}

	@Test
	void aSessionThatTheAttemptClosedIsNotInTheWay() {
		Note note = new Note();
		try (Bound bound = bind(entityManagerFactory(pool()))) {
			this.listener.attemptStarting("Test.call");
			bound.entityManager().persist(note);
			bound.entityManager().close();
			this.listener.attemptDiscarded();
			assertThat(note.id).isNull();
		}
	}

	@Test
	void aTransactionThatWasLeftOpenIsRolledBack() {
		HikariDataSource pool = pool();
		try (Bound bound = bind(entityManagerFactory(pool))) {
			this.listener.attemptStarting("Test.call");
			bound.entityManager().getTransaction().begin();
			bound.entityManager().persist(new Note());
			bound.entityManager().flush();
			this.listener.attemptDiscarded();
			assertThat(bound.entityManager().getTransaction().isActive()).isFalse();
			assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
			assertThat(read(bound)).isNotNull();
		}
	}

	@Test
	void aSessionThatAnotherTransactionUsesIsLeftAlone() {
		HikariDataSource pool = pool();
		EntityManagerFactory factory = entityManagerFactory(pool);
		EntityManager shared = SharedEntityManagerCreator.createSharedEntityManager(factory);
		new TransactionTemplate(new JdbcTransactionManager(pool())).executeWithoutResult((status) -> {
			Note note = shared.createQuery("from Note", Note.class).getSingleResult();
			this.listener.attemptStarting("Test.call");
			this.listener.attemptDiscarded();
			assertThat(shared.contains(note)).isTrue();
		});
	}

	@Test
	void aStatelessSessionInsertsAgain() {
		EntityManagerFactory factory = entityManagerFactory(pool());
		Note note = Note.of("stateless");
		for (int attempt = 1; attempt <= 2; attempt++) {
			this.listener.attemptStarting("Test.call");
			try (StatelessSession session = factory.unwrap(SessionFactory.class).openStatelessSession()) {
				session.beginTransaction();
				session.insert(note);
				if (attempt == 1) {
					session.getTransaction().rollback();
				}
				else {
					session.getTransaction().commit();
				}
			}
			if (attempt == 1) {
				this.listener.attemptDiscarded();
			}
			else {
				this.listener.attemptCompleted(true);
			}
		}
		assertThat(factory.createEntityManager().find(Note.class, note.id).text).isEqualTo("stateless");
	}

	private void insertsAgain(PlatformTransactionManager transactionManager, EntityManagerFactory factory) {
		TransactionTemplate transaction = new TransactionTemplate(transactionManager);
		EntityManager shared = SharedEntityManagerCreator.createSharedEntityManager(factory);
		Reruns reruns = new Reruns(this.listener, transaction, shared);
		Note note = new Note();
		reruns.call((entityManager) -> {
			assertThat(note.id).isNull();
			entityManager.persist(note);
			entityManager.flush();
			if (reruns.isFirst()) {
				throw new IllegalStateException("rerun");
			}
			return null;
		});
		Note found = transaction.execute((status) -> shared.find(Note.class, note.id));
		assertThat(found).isNotNull();
	}

	private Note read(Bound bound) {
		return bound.entityManager().createQuery("from Note", Note.class).getSingleResult();
	}

	private HikariDataSource pool() {
		HikariDataSource pool = hold(new HikariDataSource());
		pool.setJdbcUrl("jdbc:h2:mem:" + System.identityHashCode(pool) + ";DB_CLOSE_DELAY=-1");
		return pool;
	}

	private EntityManagerFactory entityManagerFactory(HikariDataSource pool) {
		LocalContainerEntityManagerFactoryBean bean = new LocalContainerEntityManagerFactoryBean();
		bean.setPersistenceUnitName(pool.getJdbcUrl());
		bean.setDataSource(pool);
		bean.setManagedTypes(PersistenceManagedTypes.of(Note.class.getName()));
		bean.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		bean.setJpaPropertyMap(Map.of("hibernate.hbm2ddl.auto", "create"));
		bean.afterPropertiesSet();
		this.resources.add(bean::destroy);
		EntityManagerFactory factory = bean.getObject();
		new TransactionTemplate(new JpaTransactionManager(factory)).executeWithoutResult(
				(status) -> SharedEntityManagerCreator.createSharedEntityManager(factory).persist(new Note()));
		return factory;
	}

	private static java.util.Properties properties() {
		java.util.Properties properties = new java.util.Properties();
		properties.setProperty("hibernate.hbm2ddl.auto", "create");
		return properties;
	}

	private <T extends AutoCloseable> T hold(T resource) {
		this.resources.add(resource);
		return resource;
	}

	private static Bound bind(EntityManagerFactory factory) {
		EntityManager entityManager = factory.createEntityManager();
		TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(entityManager));
		return new Bound(factory, entityManager);
	}

	private record Bound(EntityManagerFactory factory, EntityManager entityManager) implements AutoCloseable {

		@Override
		public void close() {
			TransactionSynchronizationManager.unbindResource(this.factory);
			if (this.entityManager.isOpen()) {
				this.entityManager.close();
			}
		}

	}

}
