package io.github.resilientdb.autoconfigure.database;

import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Arrays;

import io.github.resilientdb.pool.HikariTakeover.FailedConnect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnavailableDatabase} and {@link DatabaseProblem}.
 */
class UnavailableDatabaseTests {

	private static final DatabaseAddress ADDRESS = DatabaseAddress.of("jdbc:postgresql://db:6432/bank", "app");

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
	// @formatter:off
			"connect-failed    | REFUSED      | pg_isready -h db -p 6432 -U app",
			"unknown-host      | UNKNOWN_HOST | Correct the host",
			"timeout           | SILENT       | firewall",
			"authentication    | LOGIN        | psql -h db -p 6432 -U app bank",
			"connection-rejected | REJECTED   | psql -h db -p 6432 -U app bank",
			"no-such-database  | NO_DATABASE  | createdb -h db -p 6432 -U app bank",
			"starting-up       | STARTING     | pg_isready",
			"too-many-connections | FULL      | resilientdb.pool.size",
			"certificate       | CERTIFICATE  | sslrootcert",
			"something-else    | OTHER        | psql -h db -p 6432 -U app bank"
	// @formatter:on
	})
	void eachProblemHasItsOwnAdvice(String reason, DatabaseProblem problem, String advice) {
		UnavailableDatabase database = database(reason, new SQLException("no"));
		assertThat(database.problem()).isEqualTo(problem);
		assertThat(database.action(true)).contains(advice).doesNotContain("{", "wait-for-database");
		assertThat(database.action(false).contains("wait-for-database")).isEqualTo(problem.mayPass());
	}

	@ParameterizedTest
	@EnumSource
	void noTwoProblemsSayTheSame(DatabaseProblem problem) {
		assertThat(Arrays.stream(DatabaseProblem.values()).map(DatabaseProblem::headline))
			.containsOnlyOnce(problem.headline());
	}

	@Test
	void saysAllThatIsKnown() {
		UnavailableDatabase database = database("unknown-host",
				new SQLException("The connection attempt failed.", "08001", new UnknownHostException("db")));
		assertThat(database.description("application.yml:3")).isEqualTo("""
				The database of DataSource 'orders' can't be reached: its name has no address:

				    Host: db
				    Port: 6432
				    Database: bank
				    User: app
				    Origin: application.yml:3
				    Reason: The connection attempt failed. (UnknownHostException: db) [SQLSTATE 08001]""");
		assertThat(database.inOneLine()).doesNotContain("\n")
			.startsWith("The database of DataSource 'orders' can't be reached: its name has no address: "
					+ "db:6432/bank as app: The connection attempt failed");
	}

	@Test
	void namesSeveralHostsInOneLine() {
		DatabaseAddress address = DatabaseAddress.of("jdbc:postgresql://a,b:6/bank", null);
		assertThat(UnavailableDatabase.of("orders", address, new FailedConnect("timeout", new SQLException()))
			.description(null)).contains("Hosts: a:5432, b:6\n").contains("User: (not set)").contains("SQLException");
	}

	private static UnavailableDatabase database(String reason, Exception failure) {
		return UnavailableDatabase.of("orders", ADDRESS, new FailedConnect(reason, failure));
	}

}
