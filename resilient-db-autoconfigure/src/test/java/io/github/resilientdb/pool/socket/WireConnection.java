package io.github.resilientdb.pool.socket;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;

/**
 * A connection of the PostgreSQL driver together with its socket.
 */
record WireConnection(Connection jdbc, WireSocket socket) implements AutoCloseable {

	static WireConnection open(String url) throws SQLException {
		return open(url, Duration.ofSeconds(10));
	}

	static WireConnection open(String url, Duration connectTimeout) throws SQLException {
		try (WireTicket ticket = WireTicket.issue(System.nanoTime() + connectTimeout.toNanos())) {
			Properties properties = new Properties();
			properties.setProperty("socketFactory", WireSocketFactory.class.getName());
			properties.setProperty("socketFactoryArg", ticket.token());
			Connection connection = DriverManager.getConnection(url, properties);
			return new WireConnection(connection, ticket.redeem());
		}
	}

	int backend() throws SQLException {
		return Integer.parseInt(query("select pg_backend_pid()"));
	}

	String query(String sql) throws SQLException {
		try (Statement statement = this.jdbc.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

	void execute(String sql) throws SQLException {
		try (Statement statement = this.jdbc.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void close() throws SQLException {
		this.jdbc.close();
	}

}
