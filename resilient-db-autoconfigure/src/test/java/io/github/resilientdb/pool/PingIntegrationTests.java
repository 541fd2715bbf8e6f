package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.test.proxy.Traffic;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.PostgresServer.Capability;
import io.github.resilientdb.testsupport.Prompt;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a check costs on the wire, and what an answer that does not come costs.
 */
class PingIntegrationTests {

	private static final Duration NEVER = Duration.ofMinutes(5);

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private static PostgresServer encrypted;

	@AfterAll
	static void stopEncrypted() {
		if (encrypted != null) {
			encrypted.close();
		}
	}

	@ParameterizedTest
	@EnumSource(PrePing.class)
	void healthyConnectionsAreLentToEightThreadsWithoutAMessage(PrePing prePing) throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database))
					.prePing(prePing)
					.pingAfter(NEVER)
					.build()) {
			pool.fill(8);
			Traffic before = proxy.traffic();
			inEightThreads(() -> {
				for (int i = 0; i < 250; i++) {
					pool.borrow().close();
				}
				return true;
			});
			Traffic cost = proxy.traffic().since(before);
			assertThat(cost.messagesFromClient()).isZero();
			assertThat(cost.connections()).isZero();
			assertThat(pool.count("pinged")).isZero();
		}
	}

	@Test
	void freshConnectionsAreNotPinged() throws Exception {
		Prompt.within(Duration.ofMillis(400), () -> {
			try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(4).build()) {
				pool.fill(4);
				assertThat(pool.count("pinged")).isZero();
			}
		});
	}

	@ParameterizedTest
	@EnumSource(names = { "ALWAYS", "IDLE" })
	void anIdleConnectionIsAskedOnceThoughHikariAsksToo(PrePing prePing) throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).size(1).prePing(prePing).build()) {
			pool.fill(1);
			awaitLongIdle();
			Traffic before = proxy.traffic();
			pool.borrow().close();
			Traffic cost = proxy.traffic().since(before);
			assertThat(cost.roundTrips()).isOne();
			assertThat(pool.count("pinged true")).isOne();
			Prompt.within(Duration.ofMillis(400), () -> {
				pool.borrow().close();
				Traffic afterwards = proxy.traffic();
				pool.borrow().close();
				assertThat(proxy.traffic().since(afterwards).roundTrips()).isZero();
			});
		}
	}

	@Test
	void thePingOfHikarisIsNotDoneWhenCheckedOff() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).size(1).prePing(PrePing.OFF).build()) {
			pool.fill(1);
			awaitLongIdle();
			Traffic before = proxy.traffic();
			pool.borrow().close();
			assertThat(proxy.traffic().since(before).messagesFromClient()).isZero();
		}
	}

	// longer than ping-after and HikariCP's own window
	private static void awaitLongIdle() {
		long start = System.nanoTime();
		Awaitility.await().until(() -> System.nanoTime() - start > Duration.ofMillis(600).toNanos());
	}

	@Test
	void thePingLeavesTheSessionAsItWas() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.size(1)
			.hikari((config) -> config.setAutoCommit(false))
			.pingAfter(Duration.ZERO)
			.build()) {
			int backend = pool.backend();
			try (Connection connection = pool.borrow()) {
				assertThat(pool.count("pinged true")).isOne();
				assertThat(connection.getAutoCommit()).isFalse();
				assertThat(server.queryForString("select state from pg_stat_activity where pid = " + backend))
					.isEqualTo("idle");
			}
		}
	}

	@Test
	void uncheckedConnectionsFailWhenTheyAreUsedAndOnlyOnce() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(2).prePing(PrePing.OFF).build()) {
			pool.fill(2);
			server.terminateSessions(database);
			Connection connection = pool.borrow();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
			connection.close();
			for (int i = 0; i < 4; i++) {
				assertThat(pool.backend()).isPositive();
			}
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aBlackHoleCostsExactlyOnePingTimeout(boolean tls) throws Exception {
		PostgresServer target = tls ? encrypted() : server;
		try (FaultProxy proxy = FaultProxy.inFrontOf(target);
				TestPool pool = TestPool.to(target, proxy.jdbcUrl() + (tls ? "?sslmode=require" : ""))
					.size(20)
					.pingAfter(Duration.ZERO)
					.pingTimeout(Duration.ofMillis(800))
					.build()) {
			pool.fill(20);
			proxy.blackHole();
			long start = System.nanoTime();
			List<Running<Integer>> others = new ArrayList<>();
			for (int i = 0; i < 7; i++) {
				others.add(ThreadKind.PLATFORM.start(pool::backend));
			}
			pool.backend();
			Duration first = Duration.ofNanos(System.nanoTime() - start);
			for (Running<Integer> other : others) {
				other.result();
			}
			System.out.printf("black hole, tls %s: %d ms%n", tls, first.toMillis());
			assertThat(first).isBetween(Duration.ofMillis(800), Duration.ofSeconds(6));
			assertThat(pool.count("pinged false")).as("once for each of eight threads, at most").isBetween(1L, 8L);
			assertThat(pool.count("invalidated")).isOne();
			assertThat(pool.count("invalidated ping-timeout")).isOne();
		}
	}

	private static synchronized PostgresServer encrypted() {
		if (encrypted == null) {
			encrypted = PostgresServer.embedded().installedIn("/usr/lib/postgresql/15").tls().start();
		}
		return encrypted;
	}

	@Test
	void aBlackHoleCostsNoMoreThanTheCallerHasLeft() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database))
					.size(4)
					.pingAfter(Duration.ZERO)
					.pingTimeout(Duration.ofSeconds(5))
					.build()) {
			pool.fill(4);
			proxy.blackHole();
			long start = System.nanoTime();
			try (AttemptLedger ledger = AttemptLedger.open(start + Duration.ofMillis(400).toNanos())) {
				assertThat(ledger).isNotNull();
				assertThatExceptionOfType(SQLException.class).isThrownBy(pool::borrow);
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(350),
					Duration.ofMillis(4900));
			// the others were not even asked, for which there was no time
			assertThat(pool.count("discarded")).isLessThanOrEqualTo(1);
		}
	}

	@Test
	void aServerThatStallsKeepsItsConnections() throws Exception {
		server.assumeSupports(Capability.PAUSE);
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.pingAfter(Duration.ZERO)
			.pingTimeout(Duration.ofMillis(500))
			.timeout(Duration.ofSeconds(20))
			.build()) {
			pool.fill(8);
			long opened = pool.count("opened");
			server.pause();
			try {
				List<Running<Integer>> callers = new ArrayList<>();
				for (int i = 0; i < 8; i++) {
					callers.add(ThreadKind.PLATFORM.start(pool::backend));
				}
				long start = System.nanoTime();
				Awaitility.await().until(() -> System.nanoTime() - start > Duration.ofSeconds(3).toNanos());
				server.resume();
				for (Running<Integer> caller : callers) {
					caller.result();
				}
			}
			finally {
				server.resume();
			}
			assertThat(pool.count("discarded")).isZero();
			assertThat(pool.count("opened")).isEqualTo(opened);
			assertThat(pool.count("invalidated")).isZero();
			assertThat(pool.count("outage-began")).isLessThanOrEqualTo(1);
		}
	}

	private static void inEightThreads(java.util.concurrent.Callable<Boolean> task) throws Exception {
		List<Running<Boolean>> threads = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			threads.add(ThreadKind.PLATFORM.start(task));
		}
		for (Running<Boolean> thread : threads) {
			thread.result();
		}
	}

}
