package io.github.resilientdb.integration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Why a server may refuse to write in a retryable call, and what is waited for: a server
 * that somebody has made read-only is, within the deadline; what the role, the database
 * or the application itself has said is not.
 */
class ReadOnlyServerIntegrationTests {

	private static EmbeddedPostgresServer server;

	private static ConfigurableApplicationContext context;

	private static Scenario scenario;

	private static RetryableTransactionTemplate template;

	@BeforeAll
	static void start() {
		server = PostgresServer.embedded().clusterOfItsOwn().start();
		server.execute("create table note (id serial primary key, text varchar not null)");
		context = new SpringApplicationBuilder(JdbcApplication.class).web(WebApplicationType.NONE)
			.properties("spring.datasource.url=" + server.jdbcUrl(), "spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "spring.datasource.hikari.maximum-pool-size=2",
					"spring.main.banner-mode=off", "spring.flyway.enabled=false")
			.run();
		scenario = context.getBean(Scenario.class);
		template = context.getBean(RetryableTransactionTemplate.class);
	}

	@AfterAll
	static void stop() {
		if (context != null) {
			context.close();
		}
		server.close();
	}

	@BeforeEach
	void reset() {
		scenario.reset();
	}

	@AfterEach
	void allowWrites() {
		readOnly("SYSTEM", false);
		readOnly("DATABASE " + server.database(), false);
		readOnly("ROLE " + server.username(), false);
		awaitConnections(false);
	}

	private static void readOnly(String whose, boolean on) {
		server.execute("set default_transaction_read_only = off",
				"alter " + whose
						+ (on ? " set default_transaction_read_only = on" : " reset default_transaction_read_only"),
				"select pg_reload_conf()");
		if (on) {
			awaitConnections(true);
		}
	}

	/**
	 * A connection that is being opened is not evicted, and a server takes a moment to
	 * read its configuration again.
	 */
	private static void awaitConnections(boolean readOnly) {
		HikariDataSource pool = context.getBean(HikariDataSource.class);
		Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
			pool.getHikariPoolMXBean().softEvictConnections();
			try (Connection one = pool.getConnection(); Connection two = pool.getConnection()) {
				return isReadOnlyByDefault(one) == readOnly && isReadOnlyByDefault(two) == readOnly;
			}
		});
	}

	@Test
	void aServerThatIsReadOnlyForAWhileIsWaitedForAndCostsNoAttempt() throws Exception {
		readOnly("SYSTEM", true);
		List<Running<Integer>> calls = List.of(write(), write(), write());
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> scenario.runs("call") >= 6);
		assertThat(scenario.jdbc().queryForObject("select count(*) from note", Integer.class)).isZero();
		readOnly("SYSTEM", false);
		for (Running<Integer> call : calls) {
			assertThat(call.result()).isPositive();
		}
		assertThat(scenario.entries()).containsExactly("call", "call", "call");
	}

	@Test
	void whatTheMethodMakesOfTheRefusalChangesNothing() throws Exception {
		readOnly("SYSTEM", true);
		Running<Integer> call = run(() -> {
			try {
				return scenario.enter("call");
			}
			catch (RuntimeException ex) {
				throw new IllegalStateException("something else");
			}
		});
		Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> scenario.runs("call") >= 2);
		readOnly("SYSTEM", false);
		assertThat(call.result()).isPositive();
		assertThat(scenario.entries()).containsExactly("call");
	}

	private static Running<Integer> write() {
		return run(() -> scenario.enter("call"));
	}

	private static Running<Integer> run(Supplier<Integer> body) {
		RetryableTransactionTemplate once = template.with((copy) -> {
			copy.setMaxAttempts(1);
			copy.setDeadline(Duration.ofMinutes(1));
		});
		return ThreadKind.PLATFORM.start(() -> once.execute((status) -> body.get()));
	}

	@Test
	void theWaitEndsWithTheDeadlineAndTheServersOwnReason() {
		readOnly("SYSTEM", true);
		assertRefused(template.with((copy) -> copy.setDeadline(Duration.ofSeconds(4))), () -> {
		});
		assertThat(scenario.runs("call")).isBetween(2, 17);
	}

	@ParameterizedTest
	@ValueSource(strings = { "DATABASE", "ROLE" })
	void aDefaultOfTheRoleOrTheDatabaseIsNotWaitedForButLeavesNothingBehind(String whose) {
		String target = whose + " " + (whose.equals("ROLE") ? server.username() : server.database());
		readOnly(target, true);
		assertRefused(template, () -> {
		});
		assertThat(scenario.runs("call")).isOne();
		readOnly(target, false);
		Awaitility.await().ignoreExceptions().untilAsserted(() -> write().result());
		assertThat(scenario.entries()).containsExactly("call");
	}

	private static boolean isReadOnlyByDefault(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("show default_transaction_read_only")) {
			return result.next() && result.getBoolean(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "set transaction read only", "begin read only", "set local transaction_read_only = on" })
	void whatTheTransactionHasSaidByHandIsNotWaitedFor(String statement) {
		assertRefused(template, () -> scenario.jdbc().execute(statement));
		assertThat(scenario.runs("call")).isOne();
	}

	@Test
	void aTransactionThatIsReadOnlyIsNotMeantToWrite() {
		assertRefused(template.with((copy) -> copy.setReadOnly(true)), () -> {
		});
		assertThat(scenario.runs("call")).isOne();
	}

	@Test
	void whatOnlyReadsGoesOnMeanwhile() {
		readOnly("SYSTEM", true);
		Integer read = template.execute((status) -> scenario.jdbc().queryForObject("select 1", Integer.class));
		assertThat(read).isOne();
		assertThat(context.getBean(JdbcTemplate.class).queryForObject("select 1", Integer.class)).isOne();
	}

	private static void assertRefused(RetryableTransactionTemplate template, Runnable before) {
		assertThatException().isThrownBy(() -> template.executeWithoutResult((status) -> {
			before.run();
			scenario.enter("call");
		}))
			.havingRootCause()
			.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo("25006"));
	}

}
