package io.github.resilientdb.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.proxy.ClientSide;
import io.github.resilientdb.test.proxy.Encryption;
import io.github.resilientdb.test.proxy.FaultProxy;

/**
 * The database of a fork.
 *
 * @param host the host of the server
 * @param port the port of the server
 * @param database the database, which is the fork's own
 * @param username the role
 * @param password the role's password
 */
record Server(String host, int port, String database, String username, String password) {

	private static final String MARKER_TABLE = "commit/postgresql/resilientdb-commit-marker.sql";

	static Server parse(String text) {
		String[] words = text.split(",", -1);
		return new Server(words[0], Integer.parseInt(words[1]), words[2], words[3], words[4]);
	}

	String text() {
		return String.join(",", this.host, Integer.toString(this.port), this.database, this.username, this.password);
	}

	/**
	 * Return the same database, reached another way.
	 */
	Server at(String host, int port) {
		return new Server(host, port, this.database, this.username, this.password);
	}

	/**
	 * Put a proxy in front of the server.
	 */
	FaultProxy behindProxy() {
		return new FaultProxy(this.host, this.port, Encryption.NEVER, ClientSide.PLAIN);
	}

	String jdbcUrl() {
		return "jdbc:postgresql://%s:%d/%s".formatted(this.host, this.port, this.database);
	}

	void createSchema() throws SQLException {
		try (Connection connection = DriverManager.getConnection(jdbcUrl(), this.username, this.password);
				Statement statement = connection.createStatement()) {
			statement.execute("create table account (id int primary key, balance bigint not null)");
			statement.execute("insert into account select n, 0 from generate_series(1, 100) n");
			statement.execute("create table entry (id bigint generated always as identity primary key,"
					+ " account int not null, amount bigint not null)");
			statement.execute("create table document (id int primary key, text text not null)");
			statement.execute("insert into document select n, repeat('x', 1000) from generate_series(1, 1000) n");
			statement.execute(markerTable());
			statement.execute("vacuum analyze");
		}
	}

	private static String markerTable() {
		try (InputStream script = RetryableTransaction.class.getResourceAsStream(MARKER_TABLE)) {
			if (script == null) {
				throw new IllegalStateException("Not on the class path: " + MARKER_TABLE);
			}
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
