package io.github.resilientdb.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import javax.sql.DataSource;

/**
 * Operations in plain JDBC.
 */
final class Statements {

	private static final int BATCH = 10_000;

	private static final int READS = 100;

	private static final String TEXT = "x".repeat(40);

	private Statements() {
	}

	static Operation checkout(DataSource dataSource) {
		return () -> dataSource.getConnection().close();
	}

	static Operation query(DataSource dataSource) {
		return () -> {
			try (Connection connection = dataSource.getConnection()) {
				readBalance(connection);
			}
		};
	}

	static Operation read(DataSource dataSource) {
		return () -> {
			try (Connection connection = dataSource.getConnection()) {
				connection.setAutoCommit(false);
				readBalance(connection);
				connection.commit();
			}
		};
	}

	static Operation reads(DataSource dataSource) {
		return () -> {
			try (Connection connection = dataSource.getConnection()) {
				connection.setAutoCommit(false);
				for (int i = 0; i < READS; i++) {
					readBalance(connection);
				}
				connection.commit();
			}
		};
	}

	static Operation write(DataSource dataSource) {
		return () -> {
			try (Connection connection = dataSource.getConnection()) {
				connection.setAutoCommit(false);
				try (PreparedStatement statement = connection
					.prepareStatement("update account set balance = balance + 1 where id = 1")) {
					statement.executeUpdate();
				}
				connection.commit();
			}
		};
	}

	static Operation largeResult(DataSource dataSource) {
		return () -> {
			try (Connection connection = dataSource.getConnection();
					PreparedStatement statement = connection.prepareStatement("select text from document");
					ResultSet rows = statement.executeQuery()) {
				int length = 0;
				while (rows.next()) {
					length += rows.getString(1).length();
				}
				require(length == 1_000_000);
			}
		};
	}

	static Operation batch(DataSource dataSource) {
		return () -> {
			try (Connection connection = dataSource.getConnection()) {
				connection.setAutoCommit(false);
				try (PreparedStatement statement = connection.prepareStatement("insert into line values (?, ?)")) {
					for (int i = 0; i < BATCH; i++) {
						statement.setInt(1, i);
						statement.setString(2, TEXT);
						statement.addBatch();
					}
					require(statement.executeBatch().length == BATCH);
				}
				connection.commit();
			}
		};
	}

	private static void readBalance(Connection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("select balance from account where id = 1");
				ResultSet rows = statement.executeQuery()) {
			require(rows.next());
		}
	}

	private static void require(boolean condition) {
		if (!condition) {
			throw new IllegalStateException("Not what was asked for");
		}
	}

}
