package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.github.resilientdb.commit.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * A transaction on a verification connection. What is read in one transaction comes from
 * one server process, behind a pooler too, and so from one run of one server.
 */
final class VerificationTransaction {

	/*
	 * Waiting in the server is the quickest way to learn that a transaction ended, but
	 * the others want their turn. Statements are limited by the connection's deadline
	 * alone: a barrier that the server cancels is no barrier.
	 */
	private static final String BEGIN = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; "
			+ "SET LOCAL lock_timeout = '100ms'; SET LOCAL statement_timeout = 0; "
			+ "SET LOCAL search_path = pg_catalog; SELECT ";

	private final Connection connection;

	private final ServerState server;

	private final Deadline deadline;

	private VerificationTransaction(Connection connection, ServerState server, Deadline deadline) {
		this.connection = connection;
		this.server = server;
		this.deadline = deadline;
	}

	static VerificationTransaction begin(Connection connection, ServerProbe probe, Deadline deadline)
			throws SQLException {
		if (connection.getAutoCommit()) {
			connection.setAutoCommit(false);
		}
		ServerState server = begin(connection, BEGIN + probe.columns());
		if (server.readOnly() && !server.standby()) {
			// default_transaction_read_only
			connection.rollback();
			server = begin(connection, "SET TRANSACTION READ WRITE; " + BEGIN + probe.columns());
		}
		return new VerificationTransaction(connection, server, deadline);
	}

	private static ServerState begin(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
			return RowReader.firstRow(statement, (row) -> ServerState.read(row, 1));
		}
	}

	Connection connection() {
		return this.connection;
	}

	/**
	 * When the connection is given up.
	 */
	Deadline deadline() {
		return this.deadline;
	}

	ServerState server() {
		return this.server;
	}

	/**
	 * Read the first column of the first row.
	 * @return the value, {@code null} if there is none
	 */
	@Nullable String value(String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = prepare(sql, parameters); ResultSet rows = statement.executeQuery()) {
			return rows.next() ? rows.getString(1) : null;
		}
	}

	int update(String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = prepare(sql, parameters)) {
			return statement.executeUpdate();
		}
	}

	private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
		PreparedStatement statement = this.connection.prepareStatement(sql);
		for (int i = 0; i < parameters.length; i++) {
			statement.setObject(i + 1, parameters[i]);
		}
		return statement;
	}

	void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

	void commit() throws SQLException {
		this.connection.commit();
	}

	/**
	 * Commit, and return whether the server confirmed it without reservation: it reports
	 * success with a warning if waiting for its synchronous standbys was cut short.
	 */
	boolean commitWithoutWarning() throws SQLException {
		this.connection.clearWarnings();
		this.connection.commit();
		return this.connection.getWarnings() == null;
	}

	void rollback() throws SQLException {
		this.connection.rollback();
	}

}
