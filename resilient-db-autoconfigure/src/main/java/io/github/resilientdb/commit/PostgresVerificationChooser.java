package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * Finds out what verification a PostgreSQL database offers to the role of the pool.
 */
final class PostgresVerificationChooser {

	private static final String UNKNOWN_WITHOUT = "costs nothing; a lost COMMIT has an unknown outcome";

	private static final String XID_COST = "one round trip per transaction that may have written; "
			+ "a commit that got through just before a crash or failover is reported as unknown";

	private static final String MARKER_COST = "no round trip, one small row per transaction that has written; "
			+ "definitive across crashes and failovers";

	private static final String[] TABLE_RIGHTS = { "SELECT", "INSERT", "UPDATE", "DELETE" };

	private final CommitSettings settings;

	private final ServerProbe probe;

	PostgresVerificationChooser(CommitSettings settings, ServerProbe probe) {
		this.settings = settings;
		this.probe = probe;
	}

	Chosen choose(Connection connection) throws SQLException {
		return switch (this.settings.verification()) {
			case NONE -> new Chosen(new CommitChoice(Verification.NONE, "as configured; " + UNKNOWN_WITHOUT), null);
			case MARKER -> marker(connection);
			case XID -> xid(connection);
			case AUTO -> best(connection);
		};
	}

	private Chosen marker(Connection connection) throws SQLException {
		MarkerCheck check = checkMarker(connection);
		if (check.table() == null) {
			throw new CommitVerificationUnavailableException(Verification.MARKER, check.missing(), check.remedy());
		}
		return chosen(check.table());
	}

	private Chosen xid(Connection connection) throws SQLException {
		if (!knowsXids(connection)) {
			throw new CommitVerificationUnavailableException(Verification.XID,
					"the server does not tell the status of a transaction (PostgreSQL 10 and later do): "
							+ connection.getMetaData().getDatabaseProductVersion(),
					"Use verification 'auto', 'marker' or 'none'.");
		}
		return new Chosen(new CommitChoice(Verification.XID, "as configured; " + cost(connection)), null);
	}

	private Chosen best(Connection connection) throws SQLException {
		MarkerCheck check = checkMarker(connection);
		if (check.table() != null) {
			return chosen(check.table());
		}
		if (knowsXids(connection)) {
			return new Chosen(new CommitChoice(Verification.XID, check.missing() + "; " + cost(connection)), null);
		}
		return new Chosen(new CommitChoice(Verification.NONE,
				check.missing() + ", and the server does not tell the status of a transaction; " + UNKNOWN_WITHOUT),
				null);
	}

	private static Chosen chosen(MarkerTable table) {
		return new Chosen(new CommitChoice(Verification.MARKER,
				"table %s exists and may be used; %s".formatted(table.qualifiedName(), MARKER_COST)), table);
	}

	private String cost(Connection connection) throws SQLException {
		return this.probe.probe(connection).token().isConclusive() ? XID_COST : XID_COST
				+ "; the server does not let this role see whether it crashed, so no lost COMMIT can be confirmed";
	}

	private static boolean knowsXids(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_catalog.txid_status(pg_catalog.txid_current_if_assigned())");
			return true;
		}
		catch (SQLException ex) {
			if (!CommitFailure.isDefinite(ex.getSQLState(), connection.isClosed())) {
				throw ex;
			}
			return false;
		}
	}

	private MarkerCheck checkMarker(Connection connection) throws SQLException {
		String name = MarkerTable.quote(this.settings.markerTable());
		String schema = this.settings.markerSchema();
		String asked = (schema != null) ? MarkerTable.quote(schema) + "." + name : name;
		String found = value(connection, """
				SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				WHERE c.oid = pg_catalog.to_regclass(?) AND c.relkind IN ('r', 'p') AND c.relpersistence = 'p'""",
				asked);
		if (found == null) {
			String where = (schema != null) ? "" : " in the search path";
			return MarkerCheck.missing("there is no marker table %s%s".formatted(asked, where), MarkerDdl.text(asked));
		}
		MarkerTable table = new MarkerTable(found, this.settings.markerTable());
		return checkRights(connection, table);
	}

	private MarkerCheck checkRights(Connection connection, MarkerTable table) throws SQLException {
		if (!isTrue(connection, "SELECT pg_catalog.has_schema_privilege(?, 'USAGE')::text", table.schema())) {
			return missingRight(connection, "USAGE", "SCHEMA " + MarkerTable.quote(table.schema()));
		}
		for (String right : TABLE_RIGHTS) {
			if (!isTrue(connection, "SELECT pg_catalog.has_table_privilege(?, ?)::text", table.qualifiedName(),
					right)) {
				return missingRight(connection, right, "TABLE " + table.qualifiedName());
			}
		}
		String function = table.qualifiedFunction() + "(uuid)";
		if (value(connection, "SELECT pg_catalog.to_regprocedure(?)::text", function) == null) {
			return MarkerCheck.missing("there is no function %s".formatted(function),
					MarkerDdl.text(table.qualifiedName()));
		}
		if (!isTrue(connection, "SELECT pg_catalog.has_function_privilege(?, 'EXECUTE')::text", function)) {
			return missingRight(connection, "EXECUTE", "FUNCTION " + function);
		}
		return MarkerCheck.of(table);
	}

	private MarkerCheck missingRight(Connection connection, String right, String object) throws SQLException {
		String role = MarkerTable.quote(String.valueOf(value(connection, "SELECT current_user::text")));
		return MarkerCheck.missing("the role %s has no right to %s on %s".formatted(role, right, object),
				"GRANT %s ON %s TO %s;".formatted(right, object, role));
	}

	private static boolean isTrue(Connection connection, String sql, String... parameters) throws SQLException {
		return "true".equals(value(connection, sql, parameters));
	}

	private static @Nullable String value(Connection connection, String sql, String... parameters) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql)) {
			for (int i = 0; i < parameters.length; i++) {
				statement.setString(i + 1, parameters[i]);
			}
			try (ResultSet rows = statement.executeQuery()) {
				return rows.next() ? rows.getString(1) : null;
			}
		}
	}

	/**
	 * What was chosen.
	 *
	 * @param choice the choice
	 * @param marker the marker table, if that is what was chosen
	 */
	record Chosen(CommitChoice choice, @Nullable MarkerTable marker) {

	}

	private record MarkerCheck(@Nullable MarkerTable table, String missing, String remedy) {

		static MarkerCheck of(MarkerTable table) {
			return new MarkerCheck(table, "", "");
		}

		static MarkerCheck missing(String what, String remedy) {
			return new MarkerCheck(null, what, remedy);
		}

	}

}
