package io.github.resilientdb.matrix;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.resilientdb.testsupport.PostgresServer;

/**
 * What the applications of the matrix write to, seen past the proxy.
 */
final class MatrixDatabase {

	private static final String MARKER_SCRIPT = "/io/github/resilientdb/commit/postgresql/resilientdb-commit-marker.sql";

	private MatrixDatabase() {
	}

	static void setUp(PostgresServer server, String database) {
		try (Connection connection = connect(server, database); Statement statement = connection.createStatement()) {
			statement.execute("create table note (text text primary key)");
			statement.execute("insert into note values ('there')");
			statement.execute("create table shared_row as select 0 as changes");
			statement.execute(markerScript());
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String markerScript() {
		try (InputStream script = MatrixDatabase.class.getResourceAsStream(MARKER_SCRIPT)) {
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static int rows(PostgresServer server, String database, String text) {
		try (Connection connection = connect(server, database);
				PreparedStatement statement = connection.prepareStatement("select count(*) from note where text = ?")) {
			statement.setString(1, text);
			try (ResultSet rows = statement.executeQuery()) {
				rows.next();
				return rows.getInt(1);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Connection connect(PostgresServer server, String database) throws SQLException {
		return DriverManager.getConnection(server.jdbcUrl(database), server.username(), server.password());
	}

}
