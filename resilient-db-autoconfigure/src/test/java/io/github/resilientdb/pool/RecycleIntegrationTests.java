package io.github.resilientdb.pool;

import java.sql.Connection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.github.resilientdb.testsupport.CapturedLog;
import io.github.resilientdb.testsupport.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that are replaced for their age.
 */
@ExtendWith(CapturedLog.Extension.class)
class RecycleIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	@Test
	@Timeout(60)
	void noOlderConnectionIsLentAndNoneIsReportedAsLost() throws Exception {
		Duration recycle = Duration.ofSeconds(1);
		Map<Integer, Long> firstSeen = new HashMap<>();
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(4).recycle(recycle).build()) {
			long end = System.nanoTime() + Duration.ofMillis(2500).toNanos();
			while (System.nanoTime() - end < 0 || pool.count("discarded recycled") < 2) {
				long asked = System.nanoTime();
				try (Connection connection = pool.borrow()) {
					long lent = System.nanoTime();
					int backend = TestPool.backend(connection);
					// it was older still when it was looked at
					Long first = firstSeen.putIfAbsent(backend, lent);
					if (first != null) {
						assertThat(Duration.ofNanos(asked - first)).isLessThan(recycle);
					}
				}
			}
			assertThat(pool.count("disconnected")).isZero();
			assertThat(pool.count("invalidated")).isZero();
			assertThat(pool.count("outage")).isZero();
		}
	}

	@Test
	void connectionsOfTheSameAgeAreNotReplacedTogether() throws Exception {
		long replaced = replacedTogether();
		// all are due when the machine has stopped for a second, but not three times
		for (int i = 0; i < 2 && replaced == 8; i++) {
			replaced = replacedTogether();
		}
		assertThat(replaced).isBetween(1L, 7L);
	}

	private static long replacedTogether() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.size(8)
			.recycle(Duration.ofSeconds(5))
			.build()) {
			pool.fill(8);
			Awaitility.await().pollInterval(Duration.ofMillis(20)).until(() -> {
				pool.fill(8);
				return pool.count("discarded recycled") > 0;
			});
			return pool.count("discarded recycled");
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 10, 29, 30, 60, 119, 120, 121, 300, 600, 601, 1800, 3600 })
	void hikariHasNothingToWarnOf(long seconds, CapturedLog log) throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.size(4)
			.hikari((config) -> config.setMinimumIdle(1))
			.recycle(Duration.ofSeconds(seconds))
			.build()) {
			pool.fill(1);
			assertThat(log).doesNotContain("WARN");
			long lifetime = pool.dataSource().getMaxLifetime();
			assertThat(lifetime).isIn(0L, seconds * 1000 * 16 / 15);
		}
	}

	@Test
	void whatTheServerClosedIsNoReasonToAdviseAShorterLifetime(CapturedLog log) throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(4).build()) {
			pool.fill(4);
			server.terminateSessions(database);
			long start = System.nanoTime();
			Awaitility.await().until(() -> System.nanoTime() - start > Duration.ofMillis(600).toNanos());
			pool.fill(4);
			assertThat(log).doesNotContain("shorter maxLifetime");
			assertThat(log.toString().lines().filter((line) -> line.contains("WARN"))).hasSize(1);
			assertThat(pool.count("outage")).isZero();
		}
	}

}
