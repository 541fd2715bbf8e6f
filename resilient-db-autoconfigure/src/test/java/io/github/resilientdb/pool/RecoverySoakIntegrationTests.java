package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How soon a pool works again after a server was really stopped and started, compared
 * with someone who tries to connect all the time.
 */
@Tag("soak")
class RecoverySoakIntegrationTests {

	private static final Logger logger = LoggerFactory.getLogger(RecoverySoakIntegrationTests.class);

	private static final int OUTAGES = 20;

	private static final int THREADS = 8;

	@Test
	void theFirstSuccessFollowsTheServer() throws Exception {
		Random random = new Random(1);
		List<Long> first = new ArrayList<>();
		List<Long> spread = new ArrayList<>();
		try (EmbeddedPostgresServer server = PostgresServer.embedded().start();
				TestPool pool = TestPool.to(server, server.jdbcUrl())
					.size(THREADS)
					.timeout(Duration.ofMinutes(2))
					.build()) {
			for (int outage = 1; outage <= OUTAGES; outage++) {
				pool.fill(THREADS);
				server.stop(PostgresServer.Mode.FAST);
				List<Running<Long>> waiting = new ArrayList<>();
				for (int i = 0; i < THREADS; i++) {
					waiting.add(ThreadKind.PLATFORM.start(() -> succeed(pool)));
				}
				int began = outage;
				Awaitility.await().until(() -> pool.count("outage-began") == began);
				Awaitility.await()
					.atMost(Duration.ofMinutes(1))
					.pollDelay(Duration.ofMillis(500 + random.nextInt(5000)))
					.until(() -> true);
				Running<Long> reference = ThreadKind.PLATFORM.start(() -> connect(server));
				server.start();
				long back = reference.result();
				List<Long> times = new ArrayList<>();
				for (Running<Long> each : waiting) {
					times.add((each.result() - back) / 1_000_000);
				}
				first.add(Collections.min(times));
				spread.add(Collections.max(times) - Collections.min(times));
			}
		}
		Collections.sort(first);
		logger.info("First success after the server, in ms: {}; the last of {} after the first: {}", first, THREADS,
				spread);
		assertThat(first.get(OUTAGES / 2)).isLessThanOrEqualTo(150);
		assertThat(first.get(OUTAGES - 1)).isLessThanOrEqualTo(300);
		assertThat(Collections.max(spread)).isLessThanOrEqualTo(250);
	}

	private static long succeed(TestPool pool) throws SQLException {
		try (Connection connection = pool.borrow()) {
			assertThat(TestPool.backend(connection)).isPositive();
			return System.nanoTime();
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

}
