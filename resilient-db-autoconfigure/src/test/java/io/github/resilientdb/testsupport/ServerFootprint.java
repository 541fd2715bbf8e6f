package io.github.resilientdb.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What there is on the server that the tests share.
 * <p>
 * Rows of markers stay for an hour by design. What is held against a class is therefore:
 * more of them in a database that was there before, and in any database such as the
 * clean-up would not remove when their hour is over.
 *
 * @param pid the process id of the server's postmaster, 0 if it isn't ours
 * @param sessions the sessions of clients, by process id and start
 * @param markerRows how many rows the marker tables have, by database and table
 * @param lastingRows how many of them would outlive their hour
 */
record ServerFootprint(long pid, Map<String, String> sessions, Map<String, Integer> markerRows,
		Map<String, Integer> lastingRows) {

	private static final String OWN = "footprint";

	private static final String MARKER_TABLES = "select relnamespace::regnamespace::text || '.' || relname"
			+ " from pg_class where relkind = 'r' and obj_description(oid, 'pg_class')"
			+ " = 'resilient-db: outcomes of recent transactions'";

	/**
	 * The clean-up finds a row by the time in its id and looks at its time of writing.
	 */
	private static final String LASTING = " where at > clock_timestamp()"
			+ " or ('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint"
			+ " > (extract(epoch from clock_timestamp()) + 60) * 1000";

	static ServerFootprint of(PostgresServer server) {
		try (Connection connection = server.connect(); Statement statement = connection.createStatement()) {
			Map<String, Integer> markerRows = new HashMap<>();
			Map<String, Integer> lastingRows = new HashMap<>();
			for (String database : list(statement,
					"select datname from pg_database where datallowconn and not datistemplate")) {
				countMarkerRows(server, database, markerRows, lastingRows);
			}
			return new ServerFootprint(postmaster(server), sessions(statement), markerRows, lastingRows);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot look at the server", ex);
		}
	}

	private static long postmaster(PostgresServer server) {
		return (server instanceof EmbeddedPostgresServer embedded) ? embedded.postmasterPid() : 0;
	}

	private static Map<String, String> sessions(Statement statement) throws SQLException {
		Map<String, String> sessions = new HashMap<>();
		try (ResultSet rows = statement.executeQuery("select pid || ' since ' || backend_start, format("
				+ "'%s of %s in %s from %s, %s: %s', pid, application_name, datname, client_port, state, left(query, 200))"
				+ " from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
				+ " and application_name <> '" + OWN + "'")) {
			while (rows.next()) {
				sessions.put(rows.getString(1), rows.getString(2));
			}
		}
		return sessions;
	}

	private static void countMarkerRows(PostgresServer server, String database, Map<String, Integer> all,
			Map<String, Integer> lasting) throws SQLException {
		try (Connection connection = DriverManager.getConnection(
				server.jdbcUrl(database) + "?ApplicationName=" + OWN + "&connectTimeout=30", server.username(),
				server.password()); Statement statement = connection.createStatement()) {
			for (String table : list(statement, MARKER_TABLES)) {
				String name = database + "." + table;
				all.put(name, count(statement, table, ""));
				lasting.put(name, count(statement, table, LASTING));
			}
		}
	}

	private static int count(Statement statement, String table, String condition) throws SQLException {
		return Integer.parseInt(list(statement, "select count(*) from " + table + condition).get(0));
	}

	private static List<String> list(Statement statement, String sql) throws SQLException {
		List<String> values = new ArrayList<>();
		try (ResultSet rows = statement.executeQuery(sql)) {
			while (rows.next()) {
				values.add(rows.getString(1));
			}
		}
		return values;
	}

	List<Leak> since(ServerFootprint before) {
		List<Leak> leaks = new ArrayList<>();
		this.sessions.forEach((id, description) -> {
			if (!before.sessions.containsKey(id)) {
				leaks.add(new Leak(Leak.Kind.SESSION, description));
			}
		});
		this.lastingRows.forEach((table, count) -> {
			if (count > before.lastingRows.getOrDefault(table, 0)) {
				leaks.add(new Leak(Leak.Kind.MARKER_ROWS, count + " that are never removed in " + table));
			}
		});
		before.markerRows.forEach((table, count) -> {
			int more = this.markerRows.getOrDefault(table, 0) - count;
			if (more > 0) {
				leaks.add(new Leak(Leak.Kind.MARKER_ROWS, more + " more in " + table));
			}
		});
		return leaks;
	}

}
