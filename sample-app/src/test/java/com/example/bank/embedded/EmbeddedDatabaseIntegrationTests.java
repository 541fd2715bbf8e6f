package com.example.bank.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import com.example.bank.embedded.EmbeddedDatabase.StopMode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EmbeddedDatabaseIntegrationTests {

	private static EmbeddedDatabase database;

	@BeforeAll
	static void start() {
		database = new EmbeddedDatabase();
	}

	@AfterAll
	static void stop() throws Exception {
		database.close();
	}

	@Test
	void isPostgres18WithSynchronousCommit() throws Exception {
		try (Connection connection = connect()) {
			assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(18);
			assertThat(query(connection, "show synchronous_commit")).isEqualTo("on");
		}
	}

	@Test
	void endsAllSessions() throws Exception {
		try (Connection connection = connect()) {
			assertThat(database.endSessions()).isPositive();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(connection, "select 1"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void keepsItsAddressAndItsDataWhenItIsRestarted(StopMode mode) throws Exception {
		String table = "kept_" + mode;
		String address = database.getJdbcUrl();
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute("create table %s as select 42".formatted(table));
			database.restart(mode);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(connection, "select 1"));
		}
		assertThat(database.getJdbcUrl()).isEqualTo(address);
		try (Connection connection = connect()) {
			assertThat(query(connection, "table " + table)).isEqualTo("42");
		}
	}

	private static Connection connect() throws SQLException {
		return DriverManager.getConnection(database.getJdbcUrl(), database.getUsername(), database.getPassword());
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

}
