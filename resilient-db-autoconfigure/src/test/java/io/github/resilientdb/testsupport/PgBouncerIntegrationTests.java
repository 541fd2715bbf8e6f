package io.github.resilientdb.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;

import io.github.resilientdb.test.proxy.Fault;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PgBouncer}.
 */
class PgBouncerIntegrationTests {

	private final PostgresServer server = PostgresServer.shared();

	@Test
	void sharesAServerSessionBetweenTransactions() throws SQLException {
		try (PgBouncer pgBouncer = PgBouncer.inFrontOf(this.server, Map.of("default_pool_size", "1"));
				Connection one = open(pgBouncer.jdbcUrl());
				Connection two = open(pgBouncer.jdbcUrl())) {
			assertThat(backend(one)).isEqualTo(backend(two));
		}
	}

	@Test
	void hasAFaultProxyInFront() throws SQLException {
		String schema = this.server.createSchema();
		this.server.execute("create table %s.t (id int)".formatted(schema));
		try (PgBouncer pgBouncer = PgBouncer.inFrontOf(this.server);
				FaultProxy proxy = FaultProxy.inFrontOf("127.0.0.1", pgBouncer.port(), this.server.database());
				Connection connection = open(proxy.jdbcUrl() + "?prepareThreshold=0");
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("insert into %s.t values (1)".formatted(schema));
			proxy.arm(Fault.DROP_RESPONSE);
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
			proxy.awaitFault(Duration.ofSeconds(10));
			assertThat(this.server.queryForInt("select count(*) from %s.t".formatted(schema))).isOne();
		}
	}

	private Connection open(String url) throws SQLException {
		return DriverManager.getConnection(url, this.server.username(), this.server.password());
	}

	private static int backend(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("select pg_backend_pid()")) {
			result.next();
			return result.getInt(1);
		}
	}

}
