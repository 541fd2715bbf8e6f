package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import com.zaxxer.hikari.HikariCredentialsProvider;
import com.zaxxer.hikari.util.Credentials;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Passwords that are wrong, or change.
 */
class CredentialsIntegrationTests {

	private static PostgresServer server;

	@BeforeAll
	static void startServer() {
		server = PostgresServer.embedded().authentication().start();
		server.execute("create role app login password 'first'");
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@Test
	void aWrongPasswordIsTheReason() {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl())
			.hikari((config) -> config.setPassword("wrong"))
			.timeout(Duration.ofSeconds(30))
			.build()) {
			SQLException failure = catchThrowableOfType(SQLException.class, pool::borrow);
			assertThat(failure.getSQLState()).isEqualTo("28P01");
		}
	}

	@Test
	void aChangedPasswordIsUsedForNewConnections() throws Exception {
		Passwords passwords = new Passwords();
		try (TestPool pool = TestPool.to(server, server.jdbcUrl())
			.hikari((config) -> config.setCredentialsProvider(passwords))
			.size(2)
			.build()) {
			try (Connection first = pool.borrow()) {
				assertThat(user(first)).isEqualTo("app");
				server.execute("alter role app password 'second'");
				passwords.password = "second";
				try (Connection second = pool.borrow()) {
					assertThat(user(second)).isEqualTo("app");
				}
			}
			server.terminateBackends("PostgreSQL JDBC Driver");
			pool.fill(2);
		}
	}

	private static String user(Connection connection) throws SQLException {
		try (var statement = connection.createStatement(); var rows = statement.executeQuery("select current_user")) {
			rows.next();
			return rows.getString(1);
		}
	}

	private static final class Passwords implements HikariCredentialsProvider {

		private volatile String password = "first";

		@Override
		public Credentials getCredentials() {
			return Credentials.of("app", this.password);
		}

	}

}
