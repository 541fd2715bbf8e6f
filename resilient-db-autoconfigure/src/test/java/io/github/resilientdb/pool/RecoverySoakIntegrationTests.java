package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How soon a pool works again after a server was really stopped and started, compared
 * with someone who tries to connect all the time, and with HikariCP alone.
 * {@code resilientdb.test.outages} says how often.
 */
@Tag("soak")
@Timeout(1200)
class RecoverySoakIntegrationTests {

	private static final Logger logger = LoggerFactory.getLogger(RecoverySoakIntegrationTests.class);

	private static final int OUTAGES = Integer.getInteger("resilientdb.test.outages", 20);

	private static final List<Integer> SECONDS = List.of(1, 5, 15, 55);

	private static final int THREADS = 8;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private final Random random = new Random(1);

	@Test
	void theFirstSuccessFollowsTheServer() throws Exception {
		Map<Integer, List<Recovery>> recoveries = new TreeMap<>();
		try (EmbeddedPostgresServer server = PostgresServer.embedded().start();
				TestPool pool = TestPool.to(server, server.jdbcUrl()).size(THREADS).timeout(PATIENCE).build();
				HikariDataSource hikari = plain(server)) {
			for (int outage = 1; outage <= OUTAGES; outage++) {
				int seconds = SECONDS.get(outage % SECONDS.size());
				Recovery recovery = recover(server, pool, hikari, outage, seconds);
				logger.info("After {} s: {}", seconds, recovery);
				recoveries.computeIfAbsent(seconds, (key) -> new ArrayList<>()).add(recovery);
			}
		}
		logger.info(table(recoveries));
		List<Recovery> all = recoveries.values().stream().flatMap(List::stream).toList();
		assertThat(sorted(all.stream().map(Recovery::first)).get(OUTAGES / 2)).isLessThanOrEqualTo(150);
		assertThat(all).allMatch((recovery) -> recovery.first <= 300);
		assertThat(all).allMatch((recovery) -> recovery.all <= 250);
	}

	private Recovery recover(EmbeddedPostgresServer server, TestPool pool, HikariDataSource hikari, int outage,
			int seconds) throws Exception {
		pool.fill(THREADS);
		server.stop(PostgresServer.Mode.FAST);
		List<Running<Long>> ours = new ArrayList<>();
		List<Running<Long>> plain = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			ours.add(ThreadKind.PLATFORM.start(() -> succeed(pool.dataSource())));
			plain.add(ThreadKind.PLATFORM.start(() -> succeed(hikari)));
		}
		Awaitility.await().until(() -> pool.count("outage-began") == outage);
		Duration length = Duration.ofSeconds(seconds).plusMillis(this.random.nextInt(1000));
		Awaitility.await().atMost(PATIENCE).pollDelay(length).until(() -> true);
		Running<Long> reference = ThreadKind.PLATFORM.start(() -> connect(server));
		server.start();
		long back = reference.result();
		List<Long> times = millisSince(back, ours);
		return new Recovery(Collections.min(times), Collections.max(times) - Collections.min(times),
				Collections.min(millisSince(back, plain)));
	}

	private static List<Long> millisSince(long start, List<Running<Long>> all) throws Exception {
		List<Long> result = new ArrayList<>();
		for (Running<Long> each : all) {
			result.add(TimeUnit.NANOSECONDS.toMillis(each.result() - start));
		}
		return result;
	}

	private static HikariDataSource plain(PostgresServer server) {
		HikariDataSource result = new HikariDataSource();
		result.setJdbcUrl(server.jdbcUrl());
		result.setUsername(server.username());
		result.setPassword(server.password());
		result.setMaximumPoolSize(THREADS);
		result.setConnectionTimeout(PATIENCE.toMillis());
		return result;
	}

	private static long succeed(HikariDataSource pool) throws InterruptedException {
		while (true) {
			try (Connection connection = pool.getConnection();
					Statement statement = connection.createStatement();
					ResultSet result = statement.executeQuery("select 1")) {
				assertThat(result.next()).isTrue();
				return System.nanoTime();
			}
			catch (SQLException ex) {
				Thread.sleep(5);
			}
		}
	}

	private static long connect(PostgresServer server) throws InterruptedException {
		while (true) {
			try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), server.username(),
					server.password())) {
				assertThat(TestPool.backend(connection)).isPositive();
				return System.nanoTime();
			}
			catch (SQLException ex) {
				Thread.sleep(5);
			}
		}
	}

	private static String table(Map<Integer, List<Recovery>> recoveries) {
		StringBuilder table = new StringBuilder("""
				Median (least to most), in ms after somebody who tries all the time could connect:
				| away | outages | first success | the last of %d later by | HikariCP alone, first success |
				|---|---|---|---|---|
				""".formatted(THREADS));
		recoveries.forEach((seconds,
				all) -> table.append("| %d s | %d | %s | %s | %s |%n".formatted(seconds, all.size(),
						range(all.stream().map(Recovery::first)), range(all.stream().map(Recovery::all)),
						range(all.stream().map(Recovery::hikari)))));
		return table.toString();
	}

	private static String range(Stream<Long> values) {
		List<Long> sorted = sorted(values);
		return "%d (%d to %d)".formatted(sorted.get(sorted.size() / 2), sorted.get(0), sorted.get(sorted.size() - 1));
	}

	private static List<Long> sorted(Stream<Long> values) {
		return values.sorted().toList();
	}

	/**
	 * In milliseconds.
	 *
	 * @param first when the first call succeeded, after the server was back
	 * @param all how much later all had
	 * @param hikari when the first call of HikariCP alone succeeded
	 */
	private record Recovery(long first, long all, long hikari) {

	}

}
