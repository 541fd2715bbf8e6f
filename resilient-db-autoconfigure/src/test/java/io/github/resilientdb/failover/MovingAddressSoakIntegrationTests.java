package io.github.resilientdb.failover;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.failover.Writers.Writer;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.MovingAddress;
import io.github.resilientdb.testsupport.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An address that leads to a standby for a while, and then to the primary again.
 */
@Tag("soak")
@Timeout(600)
class MovingAddressSoakIntegrationTests {

	private static final Logger logger = LoggerFactory.getLogger(MovingAddressSoakIntegrationTests.class);

	private static final int ROUNDS = 3;

	private static final int CLIENTS = 8;

	private static final Duration ASTRAY = Duration.ofSeconds(4);

	@Test
	void noCallFails() throws Exception {
		try (EmbeddedPostgresServer primary = PostgresServer.embedded().start();
				EmbeddedPostgresServer standby = PostgresServer.streamingStandbyOf(primary);
				MovingAddress address = new MovingAddress(primary)) {
			standby.start();
			primary.execute("create table written (id uuid, who text)");
			String url = "%s?user=%s&password=%s".formatted(address.jdbcUrl(), primary.username(), primary.password());
			List<Long> running = new ArrayList<>();
			List<Long> fresh = new ArrayList<>();
			try (ConfigurableApplicationContext context = Writers.guarded(url)) {
				for (int round = 0; round < ROUNDS; round++) {
					trial(context, url, address, primary, standby, running, fresh);
				}
			}
			logger.info("First success after the address leads to the primary, in ms: running pool {}, fresh one {}",
					running, fresh);
			assertThat(running).allMatch((millis) -> millis <= 500);
			assertThat(fresh).allMatch((millis) -> millis <= 500);
		}
	}

	private static void trial(ConfigurableApplicationContext context, String url, MovingAddress address,
			PostgresServer primary, PostgresServer standby, List<Long> running, List<Long> fresh) throws Exception {
		try (Load writing = new Load("running", CLIENTS, context.getBean(Writer.class)::retryably)) {
			writing.attend();
			Awaitility.await().until(() -> writing.firstSince() != null);
			address.leadTo(standby);
			try (ConfigurableApplicationContext other = Writers.guardedFromTheFirstConnectionOn(url);
					Load beginning = new Load("fresh", CLIENTS, other.getBean(Writer.class)::retryably)) {
				writing.attend();
				beginning.attend();
				Awaitility.await().pollDelay(ASTRAY).until(() -> true);
				assertThat(writing.firstSince()).isNull();
				assertThat(beginning.firstSince()).isNull();
				address.leadTo(primary);
				long open = System.nanoTime();
				Awaitility.await().until(() -> writing.firstSince() != null && beginning.firstSince() != null);
				running.add(TimeUnit.NANOSECONDS.toMillis(writing.firstSince() - open));
				fresh.add(TimeUnit.NANOSECONDS.toMillis(beginning.firstSince() - open));
				writing.close();
				beginning.close();
				assertThat(standbyConnections(context)).isZero();
				assertThat(standbyConnections(other)).isZero();
				List<UUID> rows = context.getBean(JdbcClient.class)
					.sql("select id from written")
					.query(UUID.class)
					.list();
				assertThat(writing.compare(rows)).matches(Load.Result::isClean);
				assertThat(beginning.compare(rows)).matches(Load.Result::isClean);
			}
		}
	}

	private static int standbyConnections(ConfigurableApplicationContext context) throws SQLException {
		HikariDataSource pool = context.getBean(HikariDataSource.class);
		List<Connection> connections = new ArrayList<>();
		int standbys = 0;
		try {
			for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
				Connection connection = pool.getConnection();
				connections.add(connection);
				try (Statement statement = connection.createStatement();
						ResultSet result = statement.executeQuery("select pg_is_in_recovery()")) {
					result.next();
					standbys += result.getBoolean(1) ? 1 : 0;
				}
			}
		}
		finally {
			for (Connection connection : connections) {
				connection.close();
			}
		}
		return standbys;
	}

}
