package io.github.resilientdb.matrix;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.matrix.Cell.Access;
import io.github.resilientdb.matrix.Cell.AutoCommit;
import io.github.resilientdb.matrix.Cell.Setup;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;

/**
 * An application with one pool, used by JPA and by JDBC.
 */
final class MatrixApplication implements AutoCloseable {

	private final Setup setup;

	private final FaultProxy proxy;

	private final PostgresServer server;

	private final String database;

	private final ConfigurableApplicationContext context;

	private MatrixApplication(Setup setup, FaultProxy proxy, PostgresServer server, String database,
			ConfigurableApplicationContext context) {
		this.setup = setup;
		this.proxy = proxy;
		this.server = server;
		this.database = database;
		this.context = context;
	}

	static MatrixApplication start(Setup setup, FaultProxy proxy, PostgresServer server, String database) {
		HikariDataSource pool = new HikariDataSource();
		setup.kind().configure(pool, proxy, database);
		pool.setUsername(server.username());
		pool.setPassword(server.password());
		pool.setAutoCommit(setup.autoCommit() == AutoCommit.ON);
		pool.setMaximumPoolSize(3);
		pool.setMinimumIdle(1);
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.initializers((created) -> created.getBeanFactory().registerSingleton("poolHolder", new PoolHolder(pool)))
			.properties(Map.of("spring.main.banner-mode", "off", "spring.main.log-startup-info", "false",
					"spring.jpa.open-in-view", "false", "resilientdb.pool.mode", setup.mode().property(),
					"resilientdb.commit.verification", setup.verification().property(), "resilientdb.retry.deadline",
					"60s", "resilientdb.retry.backoff.initial", "1ms", "resilientdb.pool.timeout", "30s"))
			.run();
		return new MatrixApplication(setup, proxy, server, database, context);
	}

	Setup setup() {
		return this.setup;
	}

	FaultProxy proxy() {
		return this.proxy;
	}

	PostgresServer server() {
		return this.server;
	}

	String database() {
		return this.database;
	}

	/**
	 * Return how many notes of some text there are, past the pool and the proxy.
	 */
	int rows(String text) {
		return MatrixDatabase.rows(this.server, this.database, text);
	}

	Notes notes() {
		return this.context.getBean(Notes.class);
	}

	HikariDataSource pool() {
		return this.context.getBean(HikariDataSource.class);
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * Hands the pool to the context, which makes a bean of it: what processes beans has
	 * to see it.
	 *
	 * @param pool the pool, not started
	 */
	record PoolHolder(HikariDataSource pool) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
	@EntityScan(basePackageClasses = MatrixApplication.class)
	static class Application {

		@Bean
		HikariDataSource dataSource(PoolHolder holder) {
			return holder.pool();
		}

		@Bean
		@Primary
		JpaTransactionManager transactionManager(EntityManagerFactory entityManagerFactory) {
			return new JpaTransactionManager(entityManagerFactory);
		}

		@Bean
		JdbcTransactionManager jdbcTransactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		Notes notes(EntityManager entityManager, DataSource dataSource) {
			return new Notes(entityManager, new JdbcTemplate(dataSource));
		}

	}

	/**
	 * Writes notes in retryable transactions.
	 */
	static class Notes {

		/**
		 * That of the calls that are cut short.
		 */
		static final Duration SHORT = Duration.ofSeconds(3);

		private final EntityManager entityManager;

		private final JdbcTemplate jdbc;

		Notes(EntityManager entityManager, JdbcTemplate jdbc) {
			this.entityManager = entityManager;
			this.jdbc = jdbc;
		}

		/**
		 * Run work in a transaction. To be called from outside, through the proxy.
		 */
		static <T> T run(Notes notes, Access access, boolean hurried, Supplier<T> work) {
			if (access == Access.JPA) {
				return hurried ? notes.jpaHurried(work) : notes.jpa(work);
			}
			return hurried ? notes.jdbcHurried(work) : notes.jdbc(work);
		}

		@RetryableTransaction("transactionManager")
		<T> T jpa(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction("jdbcTransactionManager")
		<T> T jdbc(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(transactionManager = "transactionManager", deadline = "3s")
		<T> T jpaHurried(Supplier<T> work) {
			return work.get();
		}

		@RetryableTransaction(transactionManager = "jdbcTransactionManager", deadline = "3s")
		<T> T jdbcHurried(Supplier<T> work) {
			return work.get();
		}

		/**
		 * Write a note at once.
		 */
		void write(Access access, String text) {
			if (access == Access.JPA) {
				this.entityManager.persist(new Note(text));
				this.entityManager.flush();
			}
			else {
				this.jdbc.update("insert into note (text) values (?)", text);
			}
		}

		/**
		 * Find a note by its key.
		 */
		@Nullable String find(Access access, String text) {
			if (access == Access.JPA) {
				Note note = this.entityManager.find(Note.class, text);
				return (note != null) ? note.text : null;
			}
			List<String> found = this.jdbc.queryForList("select text from note where text = ?", String.class, text);
			return found.isEmpty() ? null : found.get(0);
		}

		/**
		 * Change the row that everybody changes.
		 */
		void lock(Access access) {
			if (access == Access.JPA) {
				this.entityManager.createNativeQuery("update shared_row set changes = changes + 1").executeUpdate();
			}
			else {
				this.jdbc.update("update shared_row set changes = changes + 1");
			}
		}

		/**
		 * Return which session the current transaction has, and fail unless its
		 * connection is of the right kind.
		 */
		int backend(Access access, ConnectionKind kind) {
			if (access == Access.JPA) {
				return this.entityManager.unwrap(Session.class).doReturningWork((connection) -> {
					kind.verify(connection);
					return backend(connection);
				});
			}
			return this.jdbc.execute((Connection connection) -> {
				kind.verify(connection);
				return backend(connection);
			});
		}

		private static int backend(Connection connection) throws SQLException {
			return connection.unwrap(PGConnection.class).getBackendPID();
		}

	}

	/**
	 * What is written.
	 */
	@Entity(name = "note")
	static class Note {

		@Id
		String text;

		protected Note() {
		}

		Note(String text) {
			this.text = text;
		}

	}

}
