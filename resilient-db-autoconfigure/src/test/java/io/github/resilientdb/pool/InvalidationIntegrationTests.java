package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.CapturedLog;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.PostgresServer.Capability;
import io.github.resilientdb.testsupport.PostgresServer.Mode;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What one incident does to the other connections of a pool, and how often.
 */
@ExtendWith(CapturedLog.Extension.class)
class InvalidationIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	@Test
	void theLifeOfAConnectionIsToldAtDebug(CapturedLog log) throws Exception {
		log.includeDebug();
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).pingAfter(Duration.ZERO).build()) {
			int backend = pool.backend();
			assertThat(pool.backend()).isEqualTo(backend);
			server.terminateBackend(backend);
			assertThat(pool.backend()).isNotEqualTo(backend);
			Awaitility.await().until(() -> log.toString().contains("DEBUG Discarded"));
		}
		assertThat(log.toString().lines()).anyMatch((line) -> line.startsWith("DEBUG Opened Guarded["))
			.anyMatch((line) -> line.matches("DEBUG Asked Guarded\\[.*], which answered within \\d+ µs"))
			.anyMatch((line) -> line.matches("DEBUG Asked Guarded\\[.*], which did not answer within \\d+ µs"))
			.anyMatch((line) -> line.matches("DEBUG Discarded Guarded\\[.*]: ping-failed"));
	}

	@Test
	void whatIsDiscardedWhileItAnswersIsNotLent() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database))
					.size(1)
					.pingAfter(Duration.ZERO)
					.pingTimeout(Duration.ofSeconds(30))
					.build()) {
			int backend = pool.backend();
			ArmedFault ping = proxy.arm(Fault.HOLD, String::isEmpty);
			Running<Integer> caller = ThreadKind.PLATFORM.start(pool::backend);
			ping.await(Duration.ofSeconds(10));
			pool.operations().invalidate("test");
			ping.release();
			assertThat(caller.result()).isNotEqualTo(backend);
			assertThat(pool.count("pinged true")).isOne();
		}
	}

	@Test
	void eightThreadsThatFailTogetherAreOneIncident(CapturedLog log) throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).build()) {
			CyclicBarrier borrowed = new CyclicBarrier(9);
			CyclicBarrier cut = new CyclicBarrier(9);
			List<Running<Boolean>> threads = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				threads.add(ThreadKind.PLATFORM.start(() -> {
					try (Connection connection = pool.borrow()) {
						connection.setAutoCommit(false);
						TestPool.execute(connection, "select 1");
						borrowed.await();
						cut.await();
						assertThatExceptionOfType(SQLException.class)
							.isThrownBy(() -> TestPool.execute(connection, "select 1"))
							.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08006"));
					}
					return true;
				}));
			}
			borrowed.await();
			proxy.cut();
			cut.await();
			for (Running<Boolean> thread : threads) {
				thread.result();
			}
			pool.fill(8);
			assertThat(pool.count("invalidated")).isOne();
			assertThat(pool.count("opened")).isEqualTo(16);
			Awaitility.await().until(() -> pool.count("discarded") == 8);
			assertThat(log.toString().lines().filter((line) -> line.contains("WARN"))).hasSize(1);
			assertThat(log).containsOnlyOnce("lost a connection (eof)");
			assertThat(pool.count("outage")).isZero();
		}
	}

	@Test
	void lateFailuresOfOlderConnectionsLeaveNewerOnesAlone() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).size(4).build()) {
			Connection early = pool.borrow();
			Connection late = pool.borrow();
			TestPool.backend(early);
			TestPool.backend(late);
			proxy.cut();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(early, "select 1"));
			early.close();
			Connection fresh = pool.borrow();
			int backend = TestPool.backend(fresh);
			fresh.close();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(late, "select 1"));
			late.close();
			assertThat(backends(pool, 2)).contains(backend);
			assertThat(pool.count("invalidated")).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(Mode.class)
	void aRestartIsNotSeenByWhoComesAfter(Mode mode) throws Exception {
		server.assumeSupports(Capability.RESTART);
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).build()) {
			pool.fill(8);
			server.restart(mode);
			// none of before is alive; process ids may come again
			assertThat(backends(pool, 8)).hasSize(8);
			assertThat(pool.count("invalidated")).isLessThanOrEqualTo(2);
		}
	}

	@Test
	void aCrashOfOneBackendIsOneIncident() throws Exception {
		server.assumeSupports(Capability.CRASH);
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).build()) {
			pool.fill(8);
			server.crashBackend();
			pool.fill(8);
			assertThat(pool.count("invalidated")).isLessThanOrEqualTo(2);
		}
	}

	@Test
	void aServerThatStaysDownLeavesNoConnectionBehind() throws Exception {
		server.assumeSupports(Capability.RESTART);
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(4).build()) {
			pool.fill(4);
			pool.patience(Duration.ofMillis(500));
			server.stop(Mode.FAST);
			try {
				assertThatExceptionOfType(SQLException.class).isThrownBy(pool::borrow)
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"));
				Awaitility.await().until(() -> pool.connections().size() == 0);
				assertThat(pool.dataSource().getHikariPoolMXBean().getActiveConnections()).isZero();
			}
			finally {
				server.start();
			}
			pool.patience(Duration.ofSeconds(10));
			Awaitility.await().ignoreExceptions().until(() -> pool.backend() > 0);
			pool.fill(4);
		}
	}

	@Test
	void anIncidentOfOnePoolNeverTouchesAnother() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool broken = TestPool.to(server, proxy.jdbcUrl(database)).size(2).build();
				TestPool other = TestPool.to(server, server.jdbcUrl(database)).size(2).build()) {
			Set<Integer> before = backends(other, 2);
			broken.fill(2);
			Connection onOther = other.borrow();
			Connection onBroken = broken.borrow();
			proxy.cut();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(onBroken, "select 1"));
			assertThat(before).contains(TestPool.backend(onOther));
			onBroken.close();
			onOther.close();
			assertThat(backends(other, 2)).isEqualTo(before);
			assertThat(other.events()).noneMatch((event) -> event.startsWith("disconnected"))
				.noneMatch((event) -> event.startsWith("invalidated"));
		}
	}

	@Test
	void connectionsMadeAfterAnInvalidationStay() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(2).build()) {
			Set<Integer> before = backends(pool, 2);
			pool.operations().invalidate("test");
			pool.operations().invalidate("test");
			Set<Integer> after = backends(pool, 2);
			assertThat(after).doesNotContainAnyElementsOf(before);
			assertThat(backends(pool, 2)).isEqualTo(after);
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void aConnectionThatClearsItsWarningsIsLentAllTheSame() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(2).build()) {
			Connection connection = pool.borrow();
			connection.clearWarnings();
			server.terminateBackend(TestPool.backend(connection));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"));
			assertThat(pool.count("disconnected TRANSACTION admin-shutdown")).isOne();
			assertThatNoException().isThrownBy(connection::close);
		}
	}

	@Test
	void aLossOnAnotherThreadThanTheBorrowersIsNoticed() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(2).build()) {
			Connection connection = pool.borrow();
			server.terminateBackend(TestPool.backend(connection));
			ThreadKind.PLATFORM.call(() -> {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> TestPool.execute(connection, "select 1"));
				return true;
			});
			assertThat(pool.count("disconnected TRANSACTION admin-shutdown")).isOne();
			connection.close();
		}
	}

	@Test
	void closingThePoolLeavesNoConnectionAndNoThread() throws Exception {
		TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.hikari((config) -> config.setPoolName("closing"))
			.build();
		pool.fill(8);
		pool.borrow();
		pool.close();
		assertThat(pool.connections().size()).isZero();
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().startsWith("closing")));
		Awaitility.await()
			.until(() -> server
				.queryForInt("select count(*) from pg_stat_activity where datname = '" + database + "'") == 0);
	}

	private static Set<Integer> backends(TestPool pool, int count) throws SQLException {
		Set<Integer> backends = new HashSet<>();
		List<Connection> connections = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Connection connection = pool.borrow();
			connections.add(connection);
			backends.add(TestPool.backend(connection));
		}
		for (Connection connection : connections) {
			connection.close();
		}
		return backends;
	}

}
