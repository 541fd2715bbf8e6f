package io.github.resilientdb.integration;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.resilientdb.integration.CommittingApplication.Kind;
import io.github.resilientdb.integration.CommittingApplication.Manager;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.PgBouncer;
import io.github.resilientdb.testsupport.Pgpool;
import io.github.resilientdb.testsupport.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for reruns that meet the locks of the connection that was lost: the server has
 * not noticed, and may not be told.
 */
class AbandonedLockIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	/**
	 * Enough for two attempts on a busy machine, of which the second one waits for it.
	 */
	private static final String DEADLINE = "4s";

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	private final AtomicInteger attempts = new AtomicInteger();

	private final String text = UUID.randomUUID().toString();

	@AfterEach
	void stop() {
		this.executor.shutdownNow();
	}

	@ParameterizedTest
	@EnumSource(names = { "JPA", "JDBC" })
	void waitsNoLongerThanTheDeadlineAndFailsWithTheLoss(Manager manager) {
		try (CommittingApplication application = start("xid", DEADLINE)) {
			ArmedFault fault = application.proxy()
				.arm(Fault.DROP_REQUEST_SERVER_OPEN, (sql) -> sql.startsWith("insert into committed_note"));
			Future<?> call = call(application, manager, true);
			fault.await(PATIENCE);
			assertFailsWithTheLoss(application, call);
		}
	}

	@Test
	void waitsNoLongerAfterALostCommitThatAMarkerPrevented() {
		try (CommittingApplication application = start("marker", DEADLINE)) {
			ArmedFault fault = application.proxy().arm(Fault.DROP_REQUEST_SERVER_OPEN);
			Future<?> call = call(application, Manager.JDBC, true);
			fault.await(PATIENCE);
			assertFailsWithTheLoss(application, call);
			assertThat(application.witness().verified()).containsExactly("not_committed");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void waitsNoLongerBehindAPoolerWhoseProcessesAreNotKnown(String verification) {
		try (PgBouncer pooler = PgBouncer.inFrontOf(PostgresServer.shared());
				CommittingApplication application = startBehind(pooler.port(), verification, DEADLINE,
						"spring.datasource.hikari.data-source-properties.prepareThreshold=0")) {
			ArmedFault fault = application.proxy()
				.arm(Fault.DROP_REQUEST_SERVER_OPEN, (sql) -> sql.startsWith("insert into committed_note"));
			Future<?> call = call(application, Manager.JDBC, true);
			fault.await(PATIENCE);
			assertFailsWithTheLoss(application, call);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void endsTheFormerProcessBehindAPoolerThatTellsIt(String verification) throws Exception {
		try (Pgpool pooler = Pgpool.inFrontOf(PostgresServer.shared(), 8);
				CommittingApplication application = startBehind(pooler, verification, true);
				Connection other = connectPast(application, pooler);
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("insert into committed_note values (-1, 'of another client')");
			ArmedFault fault = application.proxy()
				.arm(Fault.DROP_REQUEST_SERVER_OPEN, (sql) -> sql.startsWith("insert into committed_note"));
			call(application, Manager.JDBC, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			fault.await(PATIENCE);
			assertThat(this.attempts).hasValue(2);
			assertThat(application.count(this.text)).isOne();
			other.commit();
			assertThat(application.count("of another client")).isOne();
		}
	}

	@Test
	void waitsNoLongerBehindAPoolerWhoseProcessesMayNotBeEnded() {
		try (Pgpool pooler = Pgpool.inFrontOf(PostgresServer.shared(), 8);
				CommittingApplication application = startBehind(pooler, "xid", false)) {
			ArmedFault fault = application.proxy()
				.arm(Fault.DROP_REQUEST_SERVER_OPEN, (sql) -> sql.startsWith("insert into committed_note"));
			Future<?> call = call(application, Manager.JDBC, true);
			fault.await(PATIENCE);
			assertFailsWithTheLoss(application, call);
		}
	}

	private static CommittingApplication startBehind(Pgpool pooler, String verification, boolean fence) {
		return startBehind(pooler.port(), verification, fence ? "60s" : DEADLINE, "resilientdb.commit.fence=" + fence,
				"spring.datasource.hikari.maximum-pool-size=3");
	}

	private static CommittingApplication startBehind(int pooler, String verification, String deadline, String... more) {
		return warm(CommittingApplication.startBehind(pooler, verification.equals("marker"),
				properties(verification, deadline, more)));
	}

	private static Connection connectPast(CommittingApplication application, Pgpool pooler) throws SQLException {
		PostgresServer server = PostgresServer.shared();
		return DriverManager.getConnection(pooler.jdbcUrl(application.query("select current_database()")),
				server.username(), server.password());
	}

	private void assertFailsWithTheLoss(CommittingApplication application, Future<?> call) {
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
			.satisfies((ex) -> {
				Throwable thrown = ex.getCause();
				assertThat(sqlState(thrown)).startsWith("08");
				assertThat(Arrays.stream(thrown.getSuppressed()).map(AbandonedLockIntegrationTests::sqlState))
					.containsExactly("55P03");
			});
		assertThat(this.attempts).hasValue(2);
		application.proxy().heal();
		assertThat(application.count(this.text)).isZero();
	}

	@Test
	void succeedsOnceTheLockIsFree() throws Exception {
		try (CommittingApplication application = start("xid", "60s")) {
			ArmedFault fault = application.proxy()
				.arm(Fault.DROP_REQUEST_SERVER_OPEN, (sql) -> sql.startsWith("insert into committed_note"));
			Future<?> call = call(application, Manager.JDBC, true);
			fault.await(PATIENCE);
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> "1".equals(application.query("select count(*) from pg_stat_activity"
						+ " where datname = current_database() and wait_event_type = 'Lock'")));
			application.proxy().heal();
			call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			assertThat(this.attempts).hasValue(2);
			assertThat(application.count(this.text)).isOne();
		}
	}

	@Test
	void leavesAShorterLimitOfTheUserAndItsFailureAlone() {
		try (CommittingApplication application = start("xid", "60s",
				"spring.datasource.hikari.connection-init-sql=set lock_timeout = '200ms'")) {
			ArmedFault fault = application.proxy()
				.arm(Fault.DROP_REQUEST_SERVER_OPEN, (sql) -> sql.startsWith("insert into committed_note"));
			Future<?> call = call(application, Manager.JDBC, true);
			fault.await(PATIENCE);
			assertThatExceptionOfType(ExecutionException.class)
				.isThrownBy(() -> call.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
				.satisfies((ex) -> assertThat(sqlState(ex.getCause())).isEqualTo("55P03"));
			assertThat(this.attempts).hasValue(2);
		}
	}

	@Test
	void setsNoLimitOtherwise() throws Exception {
		try (CommittingApplication application = start("xid", "60s")) {
			call(application, Manager.JDBC, false).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			ArmedFault fault = application.proxy()
				.arm(Fault.END_SESSION, (sql) -> sql.startsWith("insert into committed_note"));
			call(application, Manager.JDBC, false).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
			fault.await(PATIENCE);
			assertThat(this.attempts).hasValue(3);
			assertThat(application.count("0")).isEqualTo(2);
		}
	}

	private CommittingApplication start(String verification, String deadline, String... more) {
		return warm(CommittingApplication.start(verification.equals("marker"),
				properties(verification, deadline, add(more, "resilientdb.commit.fence=false"))));
	}

	private static String[] properties(String verification, String deadline, String... more) {
		return add(add(more, "resilientdb.commit.verification=" + verification),
				"resilientdb.retry.deadline=" + deadline);
	}

	private static String[] add(String[] properties, String more) {
		return Stream.concat(Stream.of(properties), Stream.of(more)).toArray(String[]::new);
	}

	/**
	 * Call what the tests call. The first calls are slow, and there are to be two
	 * attempts before the deadline.
	 */
	private static CommittingApplication warm(CommittingApplication application) {
		for (Manager manager : List.of(Manager.JPA, Manager.JDBC)) {
			application.run(manager, Kind.RETRYABLE, () -> {
				application.notes().touch(manager);
				application.notes().write(manager, "warm");
				return true;
			});
		}
		return application;
	}

	/**
	 * Lock a row, and write a note: one of the test, or what the lock timeout is.
	 */
	private Future<?> call(CommittingApplication application, Manager manager, boolean lock) {
		return this.executor.submit(() -> application.run(manager, Kind.RETRYABLE, () -> {
			this.attempts.incrementAndGet();
			if (lock) {
				application.notes().touch(manager);
			}
			application.notes().write(manager, lock ? this.text : application.notes().lockTimeout());
			return true;
		}));
	}

	private static String sqlState(Throwable thrown) {
		Throwable candidate = thrown;
		while (candidate != null && !(candidate instanceof SQLException)) {
			candidate = candidate.getCause();
		}
		return (candidate instanceof SQLException failure) ? String.valueOf(failure.getSQLState()) : "";
	}

}
