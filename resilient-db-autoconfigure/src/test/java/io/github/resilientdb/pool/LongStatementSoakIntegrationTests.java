package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Statements that take a minute, with the watchdog as it is by default.
 */
@Tag("soak")
class LongStatementSoakIntegrationTests {

	private static final int STATEMENTS = 4;

	@Test
	void areLeftAloneOnAHealthyServer() throws Exception {
		try (EmbeddedPostgresServer server = PostgresServer.embedded().start();
				TestPool pool = TestPool.to(server, server.jdbcUrl()).size(STATEMENTS).build()) {
			pool.fill(STATEMENTS);
			awaitAll(sleep(pool));
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void areLeftAloneOnAServerWhereLoginsTimeOut() throws Exception {
		try (EmbeddedPostgresServer server = PostgresServer.embedded().start();
				TestPool pool = TestPool.to(server, server.jdbcUrl())
					.size(STATEMENTS + 1)
					.hikari((config) -> config.setMinimumIdle(0))
					.build()) {
			List<Running<Boolean>> sleeping = sleep(pool);
			try (Connection connection = pool.borrow()) {
				TestPool.execute(connection, "alter system set post_auth_delay = 5");
				TestPool.execute(connection, "select pg_reload_conf()");
				Awaitility.await()
					.until(() -> TestPool.queryForInt(connection,
							"select count(*) where pg_conf_load_time() > pg_postmaster_start_time()") == 1);
				// so that another one is needed, which is to be had though it takes long
				connection.unwrap(Connection.class).abort(Runnable::run);
			}
			long start = System.nanoTime();
			assertThat(pool.backend()).isPositive();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(4),
					Duration.ofSeconds(10));
			awaitAll(sleeping);
		}
	}

	private static void awaitAll(List<Running<Boolean>> sleeping) throws Exception {
		for (Running<Boolean> each : sleeping) {
			assertThat(each.future().get(2, TimeUnit.MINUTES)).isTrue();
		}
	}

	private static List<Running<Boolean>> sleep(TestPool pool) throws SQLException {
		List<Running<Boolean>> result = new ArrayList<>();
		for (int i = 0; i < STATEMENTS; i++) {
			Connection connection = pool.borrow();
			result.add(ThreadKind.PLATFORM.start(() -> {
				try (connection) {
					TestPool.execute(connection, "select pg_sleep(60)");
					return true;
				}
			}));
		}
		return result;
	}

}
