package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the {@link ServerState} of a PostgreSQL connection. What a server (Aurora, say)
 * or its administrator does not permit is found out in auto-commit mode, where it does no
 * harm, and from then on left out.
 */
final class ServerProbe {

	private static final Logger logger = LoggerFactory.getLogger(ServerProbe.class);

	/**
	 * The condition that a row of {@code pg_stat_activity} is the process with a pid and
	 * a start, both parameters.
	 */
	static final String IS_BACKEND = "a.pid = ? AND " + micros("a.backend_start") + " = ?";

	private volatile String columns = columns(EnumSet.allOf(Component.class));

	/**
	 * Returns the columns to select, for {@link #read(ResultSet, int)}.
	 */
	String columns() {
		return this.columns;
	}

	/**
	 * Reads the state on a connection in auto-commit mode.
	 */
	ServerState probe(Connection connection) throws SQLException {
		try {
			return query(connection);
		}
		catch (SQLException ex) {
			if (!CommitFailure.isDefinite(ex.getSQLState(), connection.isClosed())) {
				throw ex;
			}
		}
		Set<Component> found = EnumSet.noneOf(Component.class);
		for (Component component : Component.values()) {
			if (isPermitted(connection, component)) {
				found.add(component);
			}
		}
		this.columns = columns(found);
		return query(connection);
	}

	/**
	 * Reads the state, within a transaction as well: {@link #probe(Connection)} has found
	 * out before, on some connection, what is permitted.
	 */
	ServerState query(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT " + this.columns)) {
			rows.next();
			return read(rows, 1);
		}
	}

	private static boolean isPermitted(Connection connection, Component component) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT " + component.expression);
			return true;
		}
		catch (SQLException ex) {
			if (!CommitFailure.isDefinite(ex.getSQLState(), connection.isClosed())) {
				throw ex;
			}
			logger.debug("The server does not permit to read {}", component, ex);
			return false;
		}
	}

	static ServerState read(ResultSet rows, int first) throws SQLException {
		return new ServerState(rows.getInt(first), rows.getString(first + 1), rows.getBoolean(first + 2),
				rows.getBoolean(first + 3), new ContinuityToken(rows.getString(first + 4), rows.getString(first + 5),
						rows.getString(first + 6), rows.getString(first + 7)));
	}

	/**
	 * Returns a statement for an operator: the status of a transaction, or that it cannot
	 * be told any more.
	 */
	static String statusIfSameRun(long xid, ContinuityToken token) {
		if (!token.isConclusive()) {
			return "";
		}
		Component second = (token.timeline() != null) ? Component.TIMELINE : Component.POSTMASTER_START;
		String secondValue = (token.timeline() != null) ? token.timeline() : String.valueOf(token.postmasterStart());
		return "SELECT CASE WHEN %s = '%s' AND %s = '%s' THEN pg_catalog.txid_status(%d) ELSE 'unknown' END".formatted(
				Component.STATISTICS_RESET.expression, token.statisticsReset(), second.expression, secondValue, xid);
	}

	private static String columns(Set<Component> permitted) {
		return EnumSet.allOf(Component.class)
			.stream()
			.map((component) -> permitted.contains(component) ? component.expression : component.substitute)
			.collect(Collectors.joining(", "));
	}

	/**
	 * The expression for a point in time as a text that depends on no setting.
	 */
	private static String micros(String timestamp) {
		return "(extract(epoch FROM %s) * 1000000)::bigint::text".formatted(timestamp);
	}

	private enum Component {

		PID("pg_catalog.pg_backend_pid()", "0"),

		BACKEND_START("(SELECT " + micros("a.backend_start")
				+ " FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid())"),

		STANDBY("pg_catalog.pg_is_in_recovery()", "false"),

		READ_ONLY("pg_catalog.current_setting('transaction_read_only')::bool", "false"),

		SYSTEM_IDENTIFIER("(SELECT system_identifier::text FROM pg_catalog.pg_control_system())"),

		// Of all ways to learn the timeline, only this one changes with the promotion
		// itself.
		TIMELINE("CASE WHEN pg_catalog.pg_is_in_recovery() THEN NULL ELSE "
				+ "pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8) END"),

		STATISTICS_RESET("(SELECT " + micros("stats_reset") + " FROM pg_catalog.pg_stat_bgwriter)"),

		POSTMASTER_START(micros("pg_catalog.pg_postmaster_start_time()"));

		private final String expression;

		private final String substitute;

		Component(String expression) {
			this(expression, "NULL");
		}

		Component(String expression, String substitute) {
			this.expression = expression;
			this.substitute = substitute;
		}

	}

}
