package io.github.resilientdb.integration;

import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransaction;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import org.awaitility.Awaitility;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what an HTTP client sees of a lost connection in an application that handles
 * no exception: never a success.
 */
@SpringBootTest(classes = LostConnectionHttpTests.Application.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.jpa.hibernate.ddl-auto=create", "resilientdb.retry.max-attempts=2",
				"resilientdb.pool.timeout=30s", "resilientdb.retry.deadline=1s",
				"resilientdb.retry.backoff.initial=1ms", "spring.flyway.enabled=false",
				"spring.jpa.open-in-view=false" })
class LostConnectionHttpTests {

	private static final HttpClient CLIENT = HttpClient.newHttpClient();

	@Autowired
	private Faults faults;

	@LocalServerPort
	private int port;

	@Autowired
	private HikariDataSource pool;

	@BeforeEach
	void awaitPool() {
		this.faults.disarm();
		this.pool.setConnectionTimeout(20_000);
		Awaitility.await().ignoreExceptions().until(() -> {
			this.pool.getConnection().close();
			return true;
		});
	}

	static Stream<Arguments> requests() {
		return Stream.of("save", "jpa", "jdbc", "data-source", "jpa-retryable", "jdbc-retryable", "swallowed")
			.flatMap((road) -> Stream.of(Point.values())
				.filter((point) -> !road.equals("swallowed") || point == Point.STATEMENT)
				.flatMap((point) -> Stream.of(Loss.values()).map((loss) -> Arguments.of(road, point, loss))));
	}

	@ParameterizedTest
	@MethodSource("requests")
	void aLostConnectionIsAServerError(String road, Point point, Loss loss) throws Exception {
		if (point == Point.CHECKOUT) {
			this.pool.setConnectionTimeout(250);
		}
		this.faults.arm(point, loss);
		HttpResponse<String> response = CLIENT.send(
				HttpRequest.newBuilder(URI.create("http://localhost:%d/%s".formatted(this.port, road))).build(),
				HttpResponse.BodyHandlers.ofString());
		// HikariCP connects on a thread of its own, which may be late
		Awaitility.await().until(this.faults::fired);
		assertThat(response.statusCode()).isEqualTo(500);
	}

	enum Loss {

		END_OF_FILE, BROKEN_PIPE, RESET;

		SQLException toException() {
			IOException cause = switch (this) {
				case END_OF_FILE -> new EOFException();
				case BROKEN_PIPE -> new SocketException("Broken pipe");
				case RESET -> new IOException("Connection reset by peer");
			};
			return new SQLException("An I/O error occurred while sending to the backend.", "08006", cause);
		}

	}

	enum Point {

		CHECKOUT, STATEMENT, COMMIT_REQUEST, COMMIT_REPLY;

		boolean isAt(String method) {
			return switch (this) {
				case CHECKOUT -> method.equals("getConnection");
				case STATEMENT -> method.startsWith("execute");
				case COMMIT_REQUEST, COMMIT_REPLY -> method.equals("commit");
			};
		}

	}

	/**
	 * A database whose connections break where they are told to.
	 */
	static final class Faults extends AbstractDataSource {

		private final JdbcDataSource target = new JdbcDataSource();

		private final AtomicReference<@Nullable Fault> armed = new AtomicReference<>();

		private volatile boolean fired;

		Faults() {
			this.target.setURL("jdbc:h2:mem:lost-connections;DB_CLOSE_DELAY=-1");
		}

		void arm(Point point, Loss loss) {
			this.fired = false;
			this.armed.set(new Fault(point, loss));
		}

		void disarm() {
			this.armed.set(null);
		}

		boolean fired() {
			return this.fired;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return getConnection("", "");
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			Fault fault = this.armed.get();
			if (fault != null && fault.point().isAt("getConnection")) {
				this.fired = true;
				throw fault.loss().toException();
			}
			return proxy(Connection.class, this.target.getConnection());
		}

		private <T> T proxy(Class<T> type, Object target) {
			return type.cast(Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> invoke(target, method, arguments)));
		}

		private @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
			Fault fault = this.armed.get();
			boolean here = fault != null && fault.point().isAt(method.getName());
			if (here && fault.point() != Point.COMMIT_REPLY) {
				throw fire(target, fault);
			}
			Object result = call(target, method, arguments);
			if (here) {
				throw fire(target, fault);
			}
			return (result instanceof PreparedStatement statement) ? proxy(PreparedStatement.class, statement) : result;
		}

		private SQLException fire(Object target, Fault fault) throws SQLException {
			this.fired = true;
			((target instanceof PreparedStatement statement) ? statement.getConnection() : (Connection) target).close();
			return fault.loss().toException();
		}

		private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments)
				throws Throwable {
			try {
				return method.invoke(target, arguments);
			}
			catch (InvocationTargetException ex) {
				throw ex.getCause();
			}
		}

		private record Fault(Point point, Loss loss) {
		}

	}

	@RestController
	static class EntryController {

		private final EntryRepository entries;

		private final Entries transactions;

		private final HikariDataSource pool;

		EntryController(EntryRepository entries, Entries transactions, HikariDataSource pool) {
			this.entries = entries;
			this.transactions = transactions;
			this.pool = pool;
		}

		@GetMapping("/{road}")
		String write(@PathVariable String road) throws Exception {
			this.pool.getHikariPoolMXBean().softEvictConnections();
			switch (road) {
				case "save" -> this.entries.save(new Entry());
				case "jpa" -> this.transactions.jpa();
				case "jdbc" -> this.transactions.jdbc();
				case "data-source" -> this.transactions.dataSource();
				case "jpa-retryable" -> this.transactions.jpaRetryable();
				case "jdbc-retryable" -> this.transactions.jdbcRetryable();
				case "swallowed" -> this.transactions.swallowed();
				default -> throw new IllegalArgumentException(road);
			}
			return "done";
		}

	}

	static class Entries {

		private final EntityManager entityManager;

		private final DataSource dataSource;

		Entries(EntityManager entityManager, DataSource dataSource) {
			this.entityManager = entityManager;
			this.dataSource = dataSource;
		}

		@Transactional("transactionManager")
		public void jpa() {
			persist();
		}

		@Transactional("jdbcTransactionManager")
		public void jdbc() throws SQLException {
			insert();
		}

		@Transactional("dataSourceTransactionManager")
		public void dataSource() throws SQLException {
			insert();
		}

		@RetryableTransaction(transactionManager = "transactionManager")
		public void jpaRetryable() {
			persist();
		}

		@RetryableTransaction(transactionManager = "jdbcTransactionManager")
		public void jdbcRetryable() throws SQLException {
			insert();
		}

		@RetryableTransaction(transactionManager = "jdbcTransactionManager")
		public void swallowed() {
			try {
				insert();
			}
			catch (SQLException ex) {
				throw new IllegalStateException("Not written");
			}
		}

		private void persist() {
			this.entityManager.persist(new Entry());
			this.entityManager.flush();
		}

		// Without Spring's JdbcTemplate, and so without translation
		private void insert() throws SQLException {
			Connection connection = DataSourceUtils.getConnection(this.dataSource);
			try (PreparedStatement statement = connection.prepareStatement("insert into plain_entry values (1)")) {
				statement.executeUpdate();
			}
		}

	}

	interface EntryRepository extends JpaRepository<Entry, UUID> {

	}

	@Entity(name = "HttpEntry")
	static class Entry {

		@Id
		UUID id = UUID.randomUUID();

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Entry.class)
	@EnableJpaRepositories(basePackageClasses = Entry.class, considerNestedRepositories = true)
	@Import({ Entries.class, EntryController.class })
	static class Application {

		@Bean
		Faults faults() throws SQLException {
			Faults faults = new Faults();
			try (Connection connection = faults.getConnection()) {
				connection.createStatement().execute("create table plain_entry (id int)");
			}
			return faults;
		}

		@Bean
		@Primary
		HikariDataSource dataSource(Faults faults) {
			HikariDataSource dataSource = new HikariDataSource();
			dataSource.setDataSource(faults);
			dataSource.setMaximumPoolSize(1);
			return dataSource;
		}

		@Bean
		@Primary
		PlatformTransactionManager transactionManager() {
			return new JpaTransactionManager();
		}

		@Bean
		PlatformTransactionManager jdbcTransactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		PlatformTransactionManager dataSourceTransactionManager(DataSource dataSource) {
			return new DataSourceTransactionManager(dataSource);
		}

	}

}
