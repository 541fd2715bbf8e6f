package io.github.resilientdb.sweep;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;

import io.github.resilientdb.test.rows.DirectConnection;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which sequences go forward between the runs of a scenario, and how far.
 */
class SequencesIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String orders = server.createDatabase();

	private static final String archive = server.createDatabase();

	private static final String STRANGER = "stranger_to_" + orders;

	@AfterAll
	static void drop() {
		server.dropDatabase(orders);
		server.dropDatabase(archive);
		server.execute("drop role " + STRANGER);
	}

	@Test
	void giveKeysThatNoOtherRunNoOtherSequenceAndNoOtherDatabaseGives() throws SQLException {
		for (String database : List.of(orders, archive)) {
			server.executeIn(database, "create sequence one", "create sequence other",
					"create sequence small as smallint", "create sequence nearly_used maxvalue 1000",
					"select setval('nearly_used', 501)");
		}
		Set<Long> keys = new HashSet<>();
		try (DirectConnection first = connect(orders, server.username());
				DirectConnection second = connect(archive, server.username())) {
			for (int run = 0; run < 3; run++) {
				for (String database : List.of(orders, archive)) {
					server.executeIn(database, "alter sequence one restart", "alter sequence other restart",
							"alter sequence small restart");
				}
				first.reader().separateKeys(run, 0);
				second.reader().separateKeys(run, 1);
				for (String database : List.of(orders, archive)) {
					for (String sequence : List.of("one", "other", "small")) {
						long key = next(database, sequence);
						assertThat(keys.add(key)).as("run %d: %d of %s is new", run, key, sequence).isTrue();
						assertThat(key).as("no count").isGreaterThan(900).isLessThan(Short.MAX_VALUE / 2);
					}
					assertThat(next(database, "nearly_used")).isEqualTo(502 + run);
				}
			}
		}
	}

	@Test
	void leavesAloneWhatCountsInACircleOrDownwardsAndWhatItsUserMayNotSet() throws SQLException {
		server.execute("create role " + STRANGER + " login password '" + server.password() + "'");
		server.executeIn(orders, "create sequence circling maxvalue 9000 cycle", "create sequence falling increment -1",
				"create sequence forbidden", "create sequence readable", "create sequence granted",
				"create schema closed", "create sequence closed.hidden",
				"grant usage on sequence readable to " + STRANGER,
				"grant usage, update on sequence granted, closed.hidden, circling, falling to " + STRANGER);
		try (DirectConnection stranger = connect(orders, STRANGER)) {
			stranger.reader().separateKeys(7, 0);
		}
		assertThat(List.of("circling", "forbidden", "readable", "closed.hidden"))
			.allSatisfy((sequence) -> assertThat(next(orders, sequence)).isEqualTo(1));
		assertThat(next(orders, "falling")).isEqualTo(-1);
		assertThat(next(orders, "granted")).isGreaterThan(900);
	}

	private static DirectConnection connect(String database, String user) {
		Properties credentials = new Properties();
		credentials.setProperty("user", user);
		credentials.setProperty("password", server.password());
		return new DirectConnection(server.jdbcUrl(database), credentials);
	}

	private static long next(String database, String sequence) throws SQLException {
		try (Connection connection = DriverManager.getConnection(server.jdbcUrl(database), server.username(),
				server.password());
				Statement statement = connection.createStatement();
				ResultSet key = statement.executeQuery("select nextval('" + sequence + "')")) {
			key.next();
			return key.getLong(1);
		}
	}

}
