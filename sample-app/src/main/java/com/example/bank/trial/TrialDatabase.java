package com.example.bank.trial;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.io.ClassPathResource;

/**
 * What the trial has in the database: a schema of its own, with the tables of the bank,
 * and without the constraint that would hide a transfer that is booked twice. It is
 * looked at through connections that don't go through the proxies.
 */
class TrialDatabase implements AutoCloseable {

	/**
	 * The name of all sessions that may be ended.
	 */
	static final String APPLICATION_NAME = "resilient-db-sample";

	private static final List<String> SCRIPTS = List.of("db/migration/V1__bank.sql", "db/trial/show-duplicates.sql",
			"io/github/resilientdb/commit/postgresql/resilientdb-commit-marker.sql");

	private final JdbcConnectionDetails details;

	private final String schema = "bank_trial_" + Long.toHexString(System.currentTimeMillis());

	private @Nullable Connection connection;

	TrialDatabase(JdbcConnectionDetails details) {
		this.details = details;
	}

	void prepare() throws SQLException {
		try (Connection setUp = connect(); Statement statement = setUp.createStatement()) {
			statement.execute("create schema " + this.schema);
			statement.execute("set search_path = " + this.schema);
			for (String script : SCRIPTS) {
				statement.execute(read(script));
			}
		}
	}

	private static String read(String script) {
		try {
			return new ClassPathResource(script).getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Open accounts.
	 * @return their ids
	 */
	List<Long> openAccounts(int count, BigDecimal balance) throws SQLException {
		List<Long> ids = new ArrayList<>();
		try (Connection open = connect(); PreparedStatement insert = open.prepareStatement("""
				insert into %1$s.account (id, owner, balance)
				select nextval('%1$s.account_seq'), 'Customer ' || number, ?
				from generate_series(1, ?) number returning id""".formatted(this.schema))) {
			insert.setBigDecimal(1, balance);
			insert.setInt(2, count);
			try (ResultSet inserted = insert.executeQuery()) {
				while (inserted.next()) {
					ids.add(inserted.getLong(1));
				}
			}
		}
		return ids;
	}

	/**
	 * Return how to reach the schema.
	 * @param url the address of the server, by whatever way
	 */
	Access access(String url) {
		String separator = url.contains("?") ? "&" : "?";
		String username = this.details.getUsername();
		String password = this.details.getPassword();
		return new Access(url + separator + "currentSchema=" + this.schema, (username != null) ? username : "",
				(password != null) ? password : "");
	}

	/**
	 * End all sessions of this sample on the server, and no others.
	 * @return how many there were
	 */
	synchronized int endSessions() throws SQLException {
		try (PreparedStatement end = connection().prepareStatement("""
				select count(pg_terminate_backend(pid)) from pg_stat_activity
				where application_name = ? and usename = current_user and datname = current_database()
				and pid <> pg_backend_pid()""")) {
			end.setString(1, APPLICATION_NAME);
			try (ResultSet ended = end.executeQuery()) {
				ended.next();
				return ended.getInt(1);
			}
		}
		catch (SQLException ex) {
			disconnect();
			throw ex;
		}
	}

	/**
	 * Look at accounts and ledger, all at the same moment.
	 * @param question what to look for, asked at that moment
	 */
	synchronized <T> T look(Question<T> question) throws SQLException {
		try {
			Connection snapshot = connection();
			snapshot.setAutoCommit(false);
			snapshot.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
			try (Statement statement = snapshot.createStatement()) {
				statement.execute("set transaction read only; select from pg_class limit 1");
			}
			T answer = question.ask(new LedgerSnapshot(snapshot));
			snapshot.commit();
			snapshot.setAutoCommit(true);
			return answer;
		}
		catch (SQLException | RuntimeException ex) {
			disconnect();
			throw ex;
		}
	}

	private Connection connection() throws SQLException {
		Connection current = this.connection;
		if (current == null) {
			current = connect();
			// From now on, so that it is closed if it breaks at once
			this.connection = current;
			try (Statement statement = current.createStatement()) {
				statement.execute("set search_path = " + this.schema);
			}
		}
		return current;
	}

	private Connection connect() throws SQLException {
		Properties properties = new Properties();
		properties.putAll(
				Map.of("ApplicationName", APPLICATION_NAME + "-audit", "connectTimeout", "5", "socketTimeout", "30"));
		Access access = access(this.details.getJdbcUrl());
		properties.put("user", access.username());
		properties.put("password", access.password());
		return DriverManager.getConnection(this.details.getJdbcUrl(), properties);
	}

	private void disconnect() {
		Connection current = this.connection;
		this.connection = null;
		if (current != null) {
			try {
				current.close();
			}
			catch (SQLException ex) {
				// it is broken anyway
			}
		}
	}

	/**
	 * Leave nothing behind.
	 */
	@Override
	public synchronized void close() throws SQLException {
		try (Statement statement = connection().createStatement()) {
			statement.execute("drop schema if exists " + this.schema + " cascade");
		}
		finally {
			disconnect();
		}
	}

	/**
	 * How to reach the schema.
	 *
	 * @param url the address
	 * @param username who logs in
	 * @param password the password, empty if none
	 */
	record Access(String url, String username, String password) {

	}

	interface Question<T> {

		T ask(LedgerSnapshot snapshot) throws SQLException;

	}

}
