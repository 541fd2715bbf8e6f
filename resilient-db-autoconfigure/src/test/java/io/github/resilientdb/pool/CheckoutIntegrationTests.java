package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.PostgresServer.Capability;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is lent, seen against a real server.
 */
class CheckoutIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	@Test
	void killedIdleConnectionsAreNeverLentInsideTheWindow() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).pingAfter(Duration.ofMinutes(5)).build()) {
			pool.fill(8);
			killSessions();
			assertThat(failuresOf1000Checkouts(pool)).isEmpty();
		}
	}

	@Test
	void killedIdleConnectionsAreNeverLentOutsideTheWindow() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).pingAfter(Duration.ZERO).build()) {
			pool.fill(8);
			killSessions();
			TimeUnit.MILLISECONDS.sleep(600); // HikariCP's own window of 500 ms
			assertThat(failuresOf1000Checkouts(pool)).isEmpty();
		}
	}

	private static void killSessions() {
		server.terminateSessions(database);
	}

	private static List<Throwable> failuresOf1000Checkouts(TestPool pool) throws InterruptedException {
		ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
		AtomicInteger remaining = new AtomicInteger(1000);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			Thread thread = new Thread(() -> {
				while (remaining.getAndDecrement() > 0) {
					try {
						pool.backend();
					}
					catch (SQLException | RuntimeException ex) {
						failures.add(ex);
					}
				}
			});
			threads.add(thread);
			thread.start();
		}
		for (Thread thread : threads) {
			thread.join();
		}
		return new ArrayList<>(failures);
	}

	@Test
	void aHealthyConnectionIsLentWithoutARoundTrip() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database))
					.size(1)
					.pingAfter(Duration.ofMinutes(5))
					.build()) {
			pool.fill(1);
			long before = proxy.traffic().messagesFromClient();
			for (int i = 0; i < 100; i++) {
				pool.borrow().close();
			}
			assertThat(proxy.traffic().messagesFromClient() - before).isZero();
			assertThat(pool.count("pinged")).isZero();
		}
	}

	@Test
	void theFailureThatKilledTheConnectionIsWhatIsSeen() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).build()) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			int backend = TestPool.backend(connection);
			server.terminateBackend(backend);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
			connection.rollback();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"))
				.satisfies((ex) -> assertThat(((SQLException) ex.getCause()).getSQLState()).isEqualTo("57P01"));
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit)
				.withMessageContaining("not committed");
			connection.setAutoCommit(true);
			connection.close();
			assertThat(pool.backend()).isNotEqualTo(backend);
		}
	}

	@Test
	void theFailureOfOneConnectionIsNotBlamedOnAnother() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).build();
				Connection outer = pool.borrow();
				Connection inner = pool.borrow()) {
			int backend = TestPool.backend(outer);
			try (Statement statement = inner.createStatement()) {
				server.terminateBackend(TestPool.backend(inner));
				for (int i = 0; i < 3; i++) {
					assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("select 1"));
				}
			}
			assertThatExceptionOfType(SQLException.class).isThrownBy(inner::createStatement);
			assertThat(TestPool.backend(outer)).isEqualTo(backend);
		}
	}

	@ParameterizedTest
	@EnumSource(PrePing.class)
	void oneKilledConnectionLeavesItsHealthySiblings(PrePing prePing) throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(4).prePing(prePing).build()) {
			List<Connection> connections = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				connections.add(pool.borrow());
			}
			List<Integer> backends = new ArrayList<>();
			for (Connection connection : connections) {
				backends.add(TestPool.backend(connection));
			}
			Connection victim = connections.get(0);
			server.terminateBackend(backends.get(0));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(victim, "select 1"));
			for (Connection connection : connections) {
				connection.close();
			}
			List<Integer> now = new ArrayList<>();
			List<Connection> again = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				Connection connection = pool.borrow();
				again.add(connection);
				now.add(TestPool.backend(connection));
			}
			for (Connection connection : again) {
				connection.close();
			}
			assertThat(now).containsAll(backends.subList(1, 4)).doesNotContain(backends.get(0));
			assertThat(pool.count("invalidated")).isOne();
			assertThat(pool.count("pinged true")).isEqualTo(3);
		}
	}

	@Test
	void aBlackHoleCostsOnePingTimeoutForAll() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database))
					.size(20)
					.pingAfter(Duration.ZERO)
					.build()) {
			pool.fill(20);
			proxy.blackHole();
			long start = System.nanoTime();
			pool.backend();
			Duration first = Duration.ofNanos(System.nanoTime() - start);
			assertThat(failuresOf1000Checkouts(pool)).isEmpty();
			assertThat(first).isGreaterThan(Duration.ofMillis(900));
			// not a bound on speed: pinging one after the other would take 20 s
			assertThat(first).isLessThan(Duration.ofSeconds(10));
			assertThat(pool.count("invalidated ping-timeout")).isOne();
		}
	}

	@Test
	void aSlowServerIsNotADeadOne() throws Exception {
		server.assumeSupports(Capability.PAUSE);
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.size(4)
			.pingAfter(Duration.ZERO)
			.pingTimeout(Duration.ofMillis(500))
			.build()) {
			pool.fill(4);
			long opened = pool.count("opened");
			server.pause();
			Thread resume = new Thread(() -> {
				Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> pool.count("disconnected CONNECT") >= 2);
				server.resume();
			});
			resume.start();
			try {
				pool.backend();
			}
			finally {
				resume.join();
				server.resume();
			}
			assertThat(pool.count("invalidated")).isZero();
			assertThat(pool.count("discarded")).isZero();
			assertThat(pool.count("opened")).isEqualTo(opened);
		}
	}

	@Test
	void noCheckoutHandsOutAnOlderConnectionThanRecycle() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.size(1)
			.recycle(Duration.ofSeconds(1))
			.build()) {
			int first = pool.backend();
			Awaitility.await().until(() -> pool.backend() != first);
			Awaitility.await().until(() -> pool.count("discarded recycled") >= 1);
		}
	}

	@Test
	void invalidationDiscardsIdleConnectionsNowAndUsedOnesOnReturn() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(3).build()) {
			pool.fill(3);
			Connection used = pool.borrow();
			int backend = TestPool.backend(used);
			assertThat(pool.operations().invalidate("test")).isEqualTo(3);
			Awaitility.await().until(() -> pool.count("discarded") >= 2);
			assertThat(TestPool.backend(used)).isEqualTo(backend);
			used.close();
			Awaitility.await().until(() -> pool.count("discarded") == 3);
			assertThat(pool.backend()).isNotEqualTo(backend);
		}
	}

	@Test
	void aDetachedConnectionIsTheCallers() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).build()) {
			Connection borrowed = pool.borrow();
			int backend = TestPool.backend(borrowed);
			try (Connection detached = pool.operations().detach(borrowed)) {
				assertThat(pool.backend()).isNotEqualTo(backend);
				assertThat(TestPool.backend(detached)).isEqualTo(backend);
			}
			assertThat(borrowed.isClosed()).isTrue();
		}
	}

	@Test
	void sessionStateIsDiscardedOnReturn() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.size(1)
			.resetOnReturn(ResetOnReturn.DISCARD_ALL)
			.hikari((config) -> config.setConnectionInitSql("set application_name = 'initialised'"))
			.build()) {
			int backend;
			try (Connection connection = pool.borrow()) {
				backend = TestPool.backend(connection);
				TestPool.execute(connection, "create temporary table t (i int)");
				TestPool.execute(connection, "set application_name = 'changed'");
				TestPool.execute(connection, "select pg_advisory_lock(42)");
			}
			try (Connection connection = pool.borrow()) {
				assertThat(TestPool.backend(connection)).isEqualTo(backend);
				assertThat(TestPool.queryForInt(connection,
						"select count(*) from pg_class where relname = 't' and relpersistence = 't'"))
					.isZero();
				assertThat(TestPool.queryForInt(connection,
						"select count(*) from pg_stat_activity where application_name = 'initialised' "
								+ "and pid = pg_backend_pid()"))
					.isOne();
				assertThat(TestPool.queryForInt(connection,
						"select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"))
					.isZero();
			}
		}
	}

	@Test
	void withoutPoolingEachCheckoutIsANewConnection() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).mode(PoolMode.NONE).build()) {
			Connection connection = pool.borrow();
			int backend = TestPool.backend(connection);
			connection.close();
			assertThat(connection.isClosed()).isTrue();
			assertThat(pool.backend()).isNotEqualTo(backend);
			assertThat(pool.connections().size()).isZero();
		}
	}

	@Test
	void exhaustionAndRefusalAreToldApart() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).size(1).build()) {
			try (Connection connection = pool.borrow()) {
				assertThat(TestPool.backend(connection)).isPositive();
				pool.patience(Duration.ofMillis(500));
				assertThatExceptionOfType(SQLException.class).isThrownBy(pool::borrow)
					.withMessageContaining("1 of 1 are in use")
					.withNoCause();
			}
			proxy.refuse();
			proxy.cut();
			Awaitility.await()
				.ignoreExceptions()
				.untilAsserted(() -> assertThatExceptionOfType(SQLException.class).isThrownBy(pool::borrow)
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001")));
			proxy.accept();
			Awaitility.await().ignoreExceptions().until(() -> pool.backend() > 0);
		}
	}

}
