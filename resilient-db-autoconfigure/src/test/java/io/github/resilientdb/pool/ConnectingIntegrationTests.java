package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PgBouncer;
import io.github.resilientdb.testsupport.Ports;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.SilentProxy;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import io.github.resilientdb.testsupport.UnresponsivePort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.hostchooser.GlobalHostStatusTracker;
import org.postgresql.hostchooser.HostStatus;
import org.postgresql.util.HostSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Connecting while the database is away, silent, or goes away for good.
 */
class ConnectingIntegrationTests {

	private static final Duration DEADLINE = Duration.ofSeconds(2);

	// what a machine that is busy adds
	private static final Duration LATE = Duration.ofSeconds(8);

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	@ParameterizedTest
	@EnumSource(PoolMode.class)
	void allAreServedSoonAfterTheServerIsBack(PoolMode mode) throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database))
					.mode(mode)
					.timeout(Duration.ofSeconds(30))
					.build()) {
			Duration soon = Duration.ofSeconds(1);
			Duration served = servedAfterOutage(1, proxy, pool);
			// the machine may have stopped just then, but not three times
			for (int outage = 2; outage <= 3 && served.compareTo(soon) >= 0; outage++) {
				served = servedAfterOutage(outage, proxy, pool);
			}
			assertThat(served).isLessThan(soon);
		}
	}

	/**
	 * Return how long after an outage all are served that wait for its end.
	 */
	private static Duration servedAfterOutage(int outage, FaultProxy proxy, TestPool pool) throws Exception {
		pool.fill(8);
		proxy.refuse();
		proxy.cut();
		List<Running<Long>> waiting = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			waiting.add(ThreadKind.PLATFORM.start(() -> {
				assertThat(pool.backend()).isPositive();
				return System.nanoTime();
			}));
		}
		Awaitility.await().until(() -> pool.count("outage-began") == outage);
		// by then HikariCP alone would ask every two seconds or so
		Awaitility.await().pollDelay(Duration.ofSeconds(3)).until(() -> pool.count("outage-ended") == outage - 1);
		long back = System.nanoTime();
		proxy.accept();
		long last = back;
		for (Running<Long> each : waiting) {
			last = Math.max(last, each.result());
		}
		Awaitility.await().until(() -> pool.count("outage-ended") == outage);
		awaitNoProber(pool);
		return Duration.ofNanos(last - back);
	}

	@Test
	void anOutageEndsWithoutTraffic() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).build()) {
			pool.fill(1);
			pool.patience(DEADLINE);
			proxy.refuse();
			proxy.cut();
			assertThat(failure(pool).getSQLState()).isEqualTo("08001");
			proxy.accept();
			Awaitility.await().until(() -> pool.count("outage-ended") == 1);
			awaitNoProber(pool);
		}
	}

	@Test
	void aLossWhileHikariAsksForTheIsolationLevelCostsOneConnection() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).timeout(Duration.ofSeconds(30)).build()) {
			ArmedFault fault = proxy.arm(Fault.DROP_RESPONSE, (sql) -> sql.startsWith("SHOW TRANSACTION ISOLATION"), 1);
			pool.fill(2);
			fault.await(Duration.ofSeconds(30));
			assertThat(pool.backend()).isPositive();
		}
	}

	/**
	 * Each answer of the server takes a while, longer than one that may be gone is
	 * listened to.
	 */
	@Test
	@Tag("soak")
	void aSlowServerIsRemembered() throws Exception {
		try (FaultProxy slow = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, slow.jdbcUrl(database))
					.mode(PoolMode.NONE)
					.timeout(Duration.ofSeconds(60))
					.build()) {
			slow.latency(Duration.ofMillis(600));
			long start = System.nanoTime();
			pool.borrow().close();
			Duration first = elapsed(start);
			start = System.nanoTime();
			pool.borrow().close();
			assertThat(elapsed(start)).isLessThan(first.minusMillis(1500));
		}
	}

	@Test
	void withoutFailoverItIsLeftToHikari() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database))
					.failover(false)
					.timeout(DEADLINE)
					.build()) {
			proxy.refuse();
			assertThat(failure(pool).getSQLState()).isEqualTo("08001");
			assertThat(probers(pool)).isZero();
			proxy.accept();
			pool.patience(Duration.ofSeconds(30));
			assertThat(pool.backend()).isPositive();
		}
	}

	@Test
	void aWrongPasswordFailsAtOnceAlsoInAPoolThatRuns() throws Exception {
		server.execute("create role rotated login password 'old'");
		try (TestPool pool = TestPool.to(server.jdbcUrl(database), "rotated", "old")
			.timeout(Duration.ofSeconds(30))
			.build()) {
			pool.fill(1);
			server.execute("alter role rotated nologin");
			server.terminateSessions(database);
			long start = System.nanoTime();
			assertThat(failure(pool).getSQLState()).isEqualTo("28000");
			assertThat(elapsed(start)).isLessThan(Duration.ofSeconds(10));
			assertThat(probers(pool)).isZero();
		}
	}

	@Test
	void aMissingDatabaseFailsAtOnce() {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl("nowhere")).timeout(Duration.ofSeconds(30)).build()) {
			long start = System.nanoTime();
			assertThat(failure(pool).getSQLState()).isEqualTo("3D000");
			assertThat(elapsed(start)).isLessThan(Duration.ofSeconds(10));
			assertThat(probers(pool)).isZero();
		}
	}

	/**
	 * Depending on its version, PgBouncer passes on what the server says, or says that
	 * the login has been failing, as while the server is down.
	 */
	@Test
	void aMissingDatabaseBehindPgBouncerIsWaitedForUntilTheDeadline() throws Exception {
		try (PgBouncer bouncer = PgBouncer.inFrontOf(server);
				TestPool pool = TestPool.to(server, bouncer.jdbcUrl().replaceFirst("(:\\d+)/[^?]*", "$1/nowhere"))
					.timeout(Duration.ofSeconds(30))
					.build()) {
			long start = System.nanoTime();
			SQLException failure = failureWithin(Duration.ofSeconds(4), pool);
			assertThat(elapsed(start)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20));
			assertThat((Throwable) failure).hasMessageContaining("none can be opened: FATAL: ");
		}
	}

	@Test
	void eachCallFailsAtItsDeadlineWithTheReason() throws Exception {
		int port = Ports.free();
		try (TestPool pool = TestPool.to(server, "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database))
			.timeout(Duration.ofSeconds(30))
			.build()) {
			for (int i = 0; i < 2; i++) {
				long start = System.nanoTime();
				SQLException failure = failureWithin(Duration.ofSeconds(1), pool);
				assertThat(elapsed(start)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(15));
				assertThat((Throwable) failure).hasStackTraceContaining("refused");
			}
		}
	}

	@Test
	void aSilentHostIsPassedOver() throws Exception {
		try (UnresponsivePort silent = new UnresponsivePort();
				TestPool pool = TestPool
					.to(server,
							"jdbc:postgresql://127.0.0.1:%d,%s:%d/%s".formatted(silent.address().getPort(),
									server.host(), server.port(), database))
					.build()) {
			long start = System.nanoTime();
			assertThat(pool.backend()).isPositive();
			assertThat(elapsed(start)).isLessThan(Duration.ofSeconds(3));
			pool.fill(4);
		}
	}

	/**
	 * The driver keeps for the whole JVM which hosts failed, late or long ago.
	 */
	@Test
	void whatTheDriverRemembersOfAHostKeepsNobodyFromIt() throws Exception {
		try (FaultProxy first = FaultProxy.inFrontOf(server)) {
			String url = "jdbc:postgresql://127.0.0.1:%d,%s:%d/%s".formatted(first.port(), server.host(), server.port(),
					database);
			try (TestPool pool = TestPool.to(server, url).size(2).build()) {
				GlobalHostStatusTracker.reportHostStatus(new HostSpec("127.0.0.1", first.port()),
						HostStatus.ConnectFail);
				try (Connection plain = DriverManager.getConnection(url, server.username(), server.password());
						Connection connection = pool.borrow()) {
					assertThat(portOf(plain)).isEqualTo(server.port());
					assertThat(portOf(connection)).isEqualTo(first.port());
				}
			}
		}
	}

	private static int portOf(Connection connection) throws SQLException {
		return ((BaseConnection) connection.unwrap(PGConnection.class)).getQueryExecutor().getHostSpec().getPort();
	}

	/**
	 * Each answer takes longer than a host may be silent that might be gone.
	 */
	@Test
	@Tag("soak")
	void aSlowHostBesideASilentOneIsConnectedToInTheEnd() throws Exception {
		try (UnresponsivePort silent = new UnresponsivePort(); FaultProxy slow = FaultProxy.inFrontOf(server)) {
			slow.latency(Duration.ofMillis(600));
			String url = "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s".formatted(silent.address().getPort(),
					slow.port(), database);
			try (TestPool pool = TestPool.to(server, url).size(2).timeout(Duration.ofMinutes(2)).build()) {
				long start = System.nanoTime();
				pool.fill(1);
				Duration first = elapsed(start);
				start = System.nanoTime();
				pool.fill(2);
				System.getLogger("slow").log(System.Logger.Level.INFO, first + ", then " + elapsed(start));
				assertThat(elapsed(start)).isLessThan(first);
			}
		}
	}

	@Test
	void closingThePoolLetsThoseGoWhoWait() throws Exception {
		TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).timeout(Duration.ofSeconds(30)).build();
		Connection taken = pool.borrow();
		List<Running<SQLException>> waiting = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			waiting.add(ThreadKind.PLATFORM.start(() -> {
				SQLException failure = failure(pool);
				assertThat(Thread.currentThread().isInterrupted()).isFalse();
				return failure;
			}));
		}
		Awaitility.await().until(() -> pool.dataSource().getHikariPoolMXBean().getThreadsAwaitingConnection() == 3);
		long start = System.nanoTime();
		Running<Void> closing = ThreadKind.PLATFORM.start(() -> {
			pool.close();
			return null;
		});
		for (Running<SQLException> each : waiting) {
			assertThat((Throwable) each.result()).hasMessageContaining("has been closed");
		}
		assertThat(elapsed(start)).isLessThan(Duration.ofSeconds(9));
		taken.close();
		closing.result();
	}

	@Test
	void closingThePoolEndsItsOutage() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server)) {
			proxy.refuse();
			TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).timeout(Duration.ofSeconds(30)).build();
			Running<SQLException> waiting = ThreadKind.PLATFORM.start(() -> failure(pool));
			Awaitility.await().until(() -> probers(pool) == 1);
			long start = System.nanoTime();
			pool.close();
			assertThat((Throwable) waiting.result()).hasMessageContaining("has been closed");
			assertThat(elapsed(start)).isLessThan(Duration.ofSeconds(9));
			awaitNoProber(pool);
		}
	}

	@Test
	void aSuspendedPoolIsWaitedForUntilTheDeadlineOfTheCall() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.hikari((config) -> config.setAllowPoolSuspension(true))
			.pingAfter(Duration.ZERO)
			.timeout(DEADLINE)
			.build()) {
			pool.fill(1);
			pool.dataSource().getHikariPoolMXBean().suspendPool();
			long start = System.nanoTime();
			assertThat((Throwable) failureWithin(DEADLINE, pool)).hasMessageContaining("suspended");
			assertThat(elapsed(start)).isBetween(DEADLINE.minusMillis(50), DEADLINE.plus(LATE));
			Running<Integer> patient = ThreadKind.PLATFORM.start(pool::backend);
			Awaitility.await().pollDelay(DEADLINE.plusMillis(200)).until(() -> !patient.future().isDone());
			pool.dataSource().getHikariPoolMXBean().resumePool();
			assertThat(patient.result()).isPositive();
		}
	}

	@ParameterizedTest
	@EnumSource(Kind.class)
	void aSilentDatabaseIsLeftAtTheDeadlineBeforeThePoolHasStarted(Kind kind) throws Exception {
		try (SilentProxy proxy = new SilentProxy(server.port())) {
			proxy.fallSilent();
			try (TestPool pool = kind.pool(proxy).timeout(Duration.ofSeconds(20)).build()) {
				for (int i = 0; i < 3; i++) {
					long start = System.nanoTime();
					assertThat(failureWithin(DEADLINE, pool).getSQLState()).startsWith("08");
					assertThat(elapsed(start)).isLessThan(DEADLINE.plus(LATE));
				}
				long start = System.nanoTime();
				assertThat((Throwable) catchThrowableOfType(SQLException.class,
						() -> new DirectConnections(pool.database()::connect, () -> {
						}, null).open(start + DEADLINE.toNanos())))
					.isNotNull();
				assertThat(elapsed(start)).isLessThan(DEADLINE.plus(LATE));
				assertThat(pool.database().hanging()).isLessThanOrEqualTo(2);
			}
		}
	}

	private static SQLException failureWithin(Duration time, TestPool pool) {
		try (AttemptLedger ledger = AttemptLedger.open(System.nanoTime() + time.toNanos())) {
			assertThat(ledger).isNotNull();
			return failure(pool);
		}
	}

	private static SQLException failure(TestPool pool) {
		return catchThrowableOfType(SQLException.class, pool::borrow);
	}

	private static Duration elapsed(long start) {
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static void awaitNoProber(TestPool pool) {
		Awaitility.await().until(() -> probers(pool) == 0);
	}

	private static long probers(TestPool pool) {
		String name = pool.dataSource().getPoolName() + " prober";
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(name)).count();
	}

	/**
	 * What opens the connections.
	 */
	enum Kind {

		OURS, FOREIGN_SOCKETS, DATA_SOURCE_CLASS;

		TestPool.Builder pool(SilentProxy proxy) {
			String url = "jdbc:postgresql://localhost:%d/%s".formatted(proxy.port(), database);
			return switch (this) {
				case OURS -> TestPool.to(server, url);
				case FOREIGN_SOCKETS ->
					TestPool.to(server, url + "?socketFactory=" + UsersSocketFactory.class.getName());
				case DATA_SOURCE_CLASS -> TestPool.to(server, url).hikari((config) -> {
					config.setJdbcUrl(null);
					config.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
					config.addDataSourceProperty("url", url);
				});
			};
		}

	}

}
