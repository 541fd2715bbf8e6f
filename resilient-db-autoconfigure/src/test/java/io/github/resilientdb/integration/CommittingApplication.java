package io.github.resilientdb.integration;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.SequenceGenerator;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * An application with all of Spring's local transaction managers on one pool, in a
 * database of its own behind a proxy.
 */
final class CommittingApplication implements AutoCloseable {

	private static final String MARKER_SCRIPT = "/io/github/resilientdb/commit/postgresql/resilientdb-commit-marker.sql";

	private final PostgresServer server;

	private final String database;

	private final FaultProxy proxy;

	private final ConfigurableApplicationContext context;

	private CommittingApplication(PostgresServer server, boolean marker, WebApplicationType type, Class<?> source,
			List<String> properties) {
		this(server, FaultProxy.inFrontOf(server), marker, type, source, properties);
	}

	private CommittingApplication(PostgresServer server, FaultProxy proxy, boolean marker, WebApplicationType type,
			Class<?> source, List<String> properties) {
		this.server = server;
		this.database = server.createDatabase();
		this.proxy = proxy;
		try {
			execute("create sequence committed_note_seq increment by 50",
					"create table committed_note (id bigint primary key, text text not null)",
					"insert into committed_note values (0, 'touched')");
			if (marker) {
				execute(markerScript());
			}
			this.context = start(type, source, properties);
		}
		catch (RuntimeException ex) {
			this.proxy.close();
			throw ex;
		}
	}

	/**
	 * Start the application on the server that the tests share.
	 * @param marker whether the marker table is there
	 * @param properties more properties, as {@code name=value}
	 */
	static CommittingApplication start(boolean marker, String... properties) {
		return start(PostgresServer.shared(), marker, properties);
	}

	static CommittingApplication start(PostgresServer server, boolean marker, String... properties) {
		return new CommittingApplication(server, marker, WebApplicationType.NONE, TestConfiguration.class,
				List.of(properties));
	}

	/**
	 * Start the application behind a pooler of the shared server.
	 * @param pooler the pooler's port
	 */
	static CommittingApplication startBehind(int pooler, boolean marker, String... properties) {
		PostgresServer server = PostgresServer.shared();
		return new CommittingApplication(server, FaultProxy.inFrontOf("127.0.0.1", pooler, server.database()), marker,
				WebApplicationType.NONE, TestConfiguration.class, List.of(properties));
	}

	/**
	 * Start the application with a web server.
	 * @param controller the controller that answers requests
	 */
	static CommittingApplication startWeb(boolean marker, Class<?> controller, String... properties) {
		return new CommittingApplication(PostgresServer.shared(), marker, WebApplicationType.SERVLET, controller,
				List.of(properties));
	}

	private ConfigurableApplicationContext start(WebApplicationType type, Class<?> source, List<String> properties) {
		List<String> arguments = new ArrayList<>();
		arguments.add("--spring.datasource.url=" + this.proxy.jdbcUrl(this.database));
		arguments.add("--spring.datasource.username=" + this.server.username());
		arguments.add("--spring.datasource.password=" + this.server.password());
		arguments.add("--spring.main.banner-mode=off");
		arguments.add("--spring.flyway.enabled=false");
		properties.forEach((property) -> arguments.add("--" + property));
		arguments.add("--server.port=0");
		return new SpringApplicationBuilder(TestConfiguration.class, source).web(type)
			.run(arguments.toArray(String[]::new));
	}

	static String markerScript() {
		try (InputStream script = CommittingApplication.class.getResourceAsStream(MARKER_SCRIPT)) {
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	FaultProxy proxy() {
		return this.proxy;
	}

	URI uri(String path) {
		return URI.create("http://localhost:" + this.context.getEnvironment().getProperty("local.server.port") + path);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	Notes notes() {
		return bean(Notes.class);
	}

	Witness witness() {
		return bean(Witness.class);
	}

	<T> T run(Manager manager, Kind kind, Supplier<T> work) {
		return Notes.run(notes(), manager, kind, work);
	}

	HikariDataSource pool() {
		return bean(HikariDataSource.class);
	}

	/**
	 * Return how many notes of some text there are, past the pool and the proxy.
	 */
	int count(String text) {
		try (Connection connection = connect();
				PreparedStatement statement = connection
					.prepareStatement("select count(*) from committed_note where text = ?")) {
			statement.setString(1, text);
			try (ResultSet rows = statement.executeQuery()) {
				rows.next();
				return rows.getInt(1);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Run a statement as an operator would, past the pool and the proxy.
	 */
	@Nullable String query(String sql) {
		try (Connection connection = connect();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			return rows.next() ? rows.getString(1) : null;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	void execute(String... statements) {
		this.server.executeIn(this.database, statements);
	}

	private Connection connect() throws SQLException {
		return DriverManager.getConnection(this.server.jdbcUrl(this.database), this.server.username(),
				this.server.password());
	}

	@Override
	public void close() {
		this.context.close();
		this.proxy.close();
		this.server.dropDatabase(this.database);
	}

	/**
	 * Spring's transaction managers for one resource.
	 */
	enum Manager {

		JPA(Notes.JPA), JDBC(Notes.JDBC), DATA_SOURCE(Notes.DATA_SOURCE);

		private final String bean;

		Manager(String bean) {
			this.bean = bean;
		}

		String bean() {
			return this.bean;
		}

	}

	/**
	 * How a transaction is demanded.
	 */
	enum Kind {

		RETRYABLE, RERUN_IF_UNKNOWN, PLAIN, READ_ONLY

	}

	/**
	 * Runs work in transactions.
	 */
	static class Notes {

		static final String JPA = "transactionManager";

		static final String JDBC = "jdbcTransactionManager";

		static final String DATA_SOURCE = "dataSourceTransactionManager";

		private final EntityManager entityManager;

		private final JdbcClient jdbc;

		private final DataSource dataSource;

		Notes(EntityManager entityManager, JdbcClient jdbc, DataSource dataSource) {
			this.entityManager = entityManager;
			this.jdbc = jdbc;
			this.dataSource = dataSource;
		}

		/**
		 * Write a note: with JPA no sooner than in the commit, the id being known.
		 */
		void write(Manager manager, String text) {
			if (manager == Manager.JPA) {
				this.entityManager.persist(new Note(text));
			}
			else {
				this.jdbc.sql("insert into committed_note values (nextval('committed_note_seq'), ?)")
					.param(text)
					.update();
			}
		}

		void lock(Manager manager, String text) {
			if (manager == Manager.JPA) {
				this.entityManager.createQuery("update committed_note set text = text where text = :text")
					.setParameter("text", text)
					.executeUpdate();
			}
			else {
				this.jdbc.sql("update committed_note set text = text where text = ?").param(text).update();
			}
		}

		/**
		 * Write with one statement.
		 */
		void touch(Manager manager) {
			lock(manager, "touched");
		}

		void sleep(Duration duration) {
			this.jdbc.sql("select pg_sleep(?)::text").param(duration.toMillis() / 1000.0).query(String.class).single();
		}

		String lockTimeout() {
			return this.jdbc.sql("show lock_timeout").query(String.class).single();
		}

		/**
		 * The connection of the current transaction.
		 */
		Connection connection() {
			return DataSourceUtils.getConnection(this.dataSource);
		}

		String read(Manager manager) {
			return String.valueOf((manager == Manager.JPA)
					? this.entityManager.createQuery("select max(text) from committed_note", String.class)
						.getSingleResult()
					: this.jdbc.sql("select max(text) from committed_note")
						.query(String.class)
						.optional()
						.orElse(null));
		}

		/**
		 * Run work in a transaction. To be called from outside, through the proxy.
		 */
		static <T> T run(Notes notes, Manager manager, Kind kind, Supplier<T> work) {
			return switch (kind) {
				case RETRYABLE -> switch (manager) {
					case JPA -> notes.jpaRetryable(work);
					case JDBC -> notes.jdbcRetryable(work);
					case DATA_SOURCE -> notes.dataSourceRetryable(work);
				};
				case RERUN_IF_UNKNOWN -> switch (manager) {
					case JPA -> notes.jpaRerunIfUnknown(work);
					case JDBC -> notes.jdbcRerunIfUnknown(work);
					case DATA_SOURCE -> notes.dataSourceRerunIfUnknown(work);
				};
				case PLAIN -> switch (manager) {
					case JPA -> notes.jpaPlain(work);
					case JDBC -> notes.jdbcPlain(work);
					case DATA_SOURCE -> notes.dataSourcePlain(work);
				};
				case READ_ONLY -> switch (manager) {
					case JPA -> notes.jpaReadOnly(work);
					case JDBC -> notes.jdbcReadOnly(work);
					case DATA_SOURCE -> notes.dataSourceReadOnly(work);
				};
			};
		}

		@RetryableTransaction(JPA)
		<T> T jpaRetryable(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(JDBC)
		<T> T jdbcRetryable(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(DATA_SOURCE)
		<T> T dataSourceRetryable(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(transactionManager = JPA, rerunIfUnknown = true, deadline = "30s")
		<T> T jpaRerunIfUnknown(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(transactionManager = JDBC, rerunIfUnknown = true, deadline = "30s")
		<T> T jdbcRerunIfUnknown(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(transactionManager = DATA_SOURCE, rerunIfUnknown = true, deadline = "30s")
		<T> T dataSourceRerunIfUnknown(Supplier<T> work) {
			return work.get();
		}

		@Transactional(JPA)
		<T> T jpaPlain(Supplier<T> work) {
			return work.get();
		}

		@Transactional(JDBC)
		<T> T jdbcPlain(Supplier<T> work) {
			return work.get();
		}

		@Transactional(DATA_SOURCE)
		<T> T dataSourcePlain(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(transactionManager = JPA, readOnly = true)
		<T> T jpaReadOnly(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(transactionManager = JDBC, readOnly = true)
		<T> T jdbcReadOnly(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(transactionManager = DATA_SOURCE, readOnly = true)
		<T> T dataSourceReadOnly(Supplier<T> work) {
			return work.get();
		}

	}

	/**
	 * Sees what becomes of transactions.
	 */
	static class Witness implements ConnectionPoolListener {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		private final List<String> verified = new CopyOnWriteArrayList<>();

		private final ApplicationEventPublisher events;

		Witness(ApplicationEventPublisher events) {
			this.events = events;
		}

		void forget() {
			this.seen.clear();
			this.verified.clear();
		}

		/**
		 * What the synchronizations and listeners of transactions saw.
		 */
		List<String> seen() {
			return this.seen;
		}

		List<String> verified() {
			return this.verified;
		}

		/**
		 * Watch the current transaction.
		 */
		void watch() {
			this.events.publishEvent(new Watched());
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
				@Override
				public void afterCommit() {
					Witness.this.seen.add("after commit");
				}

				@Override
				public void afterCompletion(int status) {
					Witness.this.seen.add(name(status));
				}
			});
		}

		private static String name(int status) {
			return switch (status) {
				case TransactionSynchronization.STATUS_COMMITTED -> "committed";
				case TransactionSynchronization.STATUS_ROLLED_BACK -> "rolled back";
				default -> "unknown";
			};
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
		void afterCommit(Watched event) {
			this.seen.add("event after commit");
		}

		@TransactionalEventListener(phase = TransactionPhase.AFTER_ROLLBACK)
		void afterRollback(Watched event) {
			this.seen.add("event after rollback");
		}

		@Override
		public void commitVerified(String pool, String outcome, Duration took) {
			this.verified.add(outcome);
		}

		/**
		 * Published in a transaction.
		 */
		record Watched() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = CommittingApplication.class)
	static class TestConfiguration {

		@Bean(Notes.JPA)
		@Primary
		JpaTransactionManager jpa(EntityManagerFactory entityManagerFactory) {
			return new JpaTransactionManager(entityManagerFactory);
		}

		@Bean(Notes.JDBC)
		JdbcTransactionManager jdbc(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean(Notes.DATA_SOURCE)
		DataSourceTransactionManager dataSourceManager(DataSource dataSource) {
			return new DataSourceTransactionManager(dataSource);
		}

		@Bean
		Notes notes(EntityManager entityManager, JdbcClient jdbc, DataSource dataSource) {
			return new Notes(entityManager, jdbc, dataSource);
		}

		@Bean
		static Witness witness(ApplicationEventPublisher events) {
			return new Witness(events);
		}

	}

	/**
	 * What is written.
	 */
	@Entity(name = "committed_note")
	static class Note {

		@Id
		@GeneratedValue
		@SequenceGenerator(sequenceName = "committed_note_seq")
		Long id;

		String text;

		protected Note() {
		}

		Note(String text) {
			this.text = text;
		}

	}

}
