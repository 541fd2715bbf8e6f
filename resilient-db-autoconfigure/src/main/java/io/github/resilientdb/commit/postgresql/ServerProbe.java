package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.resilientdb.commit.CommitFailure;
import io.github.resilientdb.commit.Deadline;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the {@link ServerState} of a PostgreSQL connection. What a server (Aurora, say)
 * or its administrator does not permit is found out in auto-commit mode, where it does no
 * harm, and left out for a while.
 */
final class ServerProbe {

	private static final Logger logger = LoggerFactory.getLogger(ServerProbe.class);

	/**
	 * When the process of a row of {@code pg_stat_activity} was started; null for roles
	 * that may not see it.
	 */
	static final String BACKEND_START = micros("a.backend_start");

	/**
	 * The condition that a row of {@code pg_stat_activity} is the process with a pid and
	 * a start, both parameters.
	 */
	static final String IS_BACKEND = "a.pid = ? AND " + BACKEND_START + " = ?";

	private static final String ALL = columns(EnumSet.allOf(Component.class));

	private static final Duration REMEMBER_REFUSALS = Duration.ofMinutes(1);

	private static final String SAVEPOINT = "SAVEPOINT resilientdb; ";

	private volatile Readable readable = new Readable(ALL, null);

	/**
	 * Return the columns to select, for {@link ServerState#read(ResultSet, int)}.
	 */
	String columns() {
		return this.readable.columns();
	}

	/**
	 * Read the state on a connection in auto-commit mode.
	 * @return the state, or {@code null} if it could not be read for a reason that passes
	 * by itself
	 * @throws SQLException if the connection was lost
	 */
	@Nullable ServerState probe(Connection connection) throws SQLException {
		Readable known = this.readable;
		if (!known.isOld()) {
			ServerState state = tryToRead(connection, known.columns());
			if (state != null) {
				return state;
			}
		}
		ServerState whole = tryToRead(connection, ALL);
		if (whole != null) {
			this.readable = new Readable(ALL, null);
			return whole;
		}
		Set<Component> found = EnumSet.noneOf(Component.class);
		for (Component component : Component.values()) {
			Access access = access(connection, component);
			if (access == Access.FAILED) {
				return null;
			}
			if (access == Access.PERMITTED) {
				found.add(component);
			}
		}
		boolean all = found.size() == Component.values().length;
		this.readable = new Readable(columns(found), all ? null : Deadline.after(REMEMBER_REFUSALS));
		return tryToRead(connection, columns());
	}

	private static @Nullable ServerState tryToRead(Connection connection, String columns) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery("SELECT " + columns)) {
			rows.next();
			return ServerState.read(rows, 1);
		}
		catch (SQLException ex) {
			if (CommitFailure.isLoss(ex, connection)) {
				throw ex;
			}
			logger.debug("The state of the server could not be read", ex);
			return null;
		}
	}

	private static Access access(Connection connection, Component component) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT " + component.expression);
			return Access.PERMITTED;
		}
		catch (SQLException ex) {
			if (CommitFailure.isLoss(ex, connection)) {
				throw ex;
			}
			logger.debug("The server does not permit reading {}", component, ex);
			return CommitFailure.mayPass(ex) ? Access.FAILED : Access.REFUSED;
		}
	}

	/**
	 * Read the state within a transaction of the application, which survives it whatever
	 * its role may not read.
	 * @param first what else to select, before the state
	 * @param reader makes the result of the row
	 * @return the result, or {@code null} if this role may not read the state
	 */
	<T> @Nullable T query(Connection connection, String first, RowReader<T> reader) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(SAVEPOINT + "SELECT " + first + columns() + "; RELEASE SAVEPOINT resilientdb");
			return RowReader.firstRow(statement, reader);
		}
		catch (SQLException ex) {
			if (CommitFailure.isLoss(ex, connection)) {
				throw ex;
			}
			logger.debug("The state of the server could not be read within a transaction", ex);
			rollbackToSavepoint(connection);
			return null;
		}
	}

	static String withSavepoint(String sql) {
		return SAVEPOINT + sql;
	}

	static void rollbackToSavepoint(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute("ROLLBACK TO SAVEPOINT resilientdb; RELEASE SAVEPOINT resilientdb");
		}
	}

	/**
	 * Return a statement for an operator: the status of a transaction, or that it cannot
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

	/**
	 * What may be read, as far as is known.
	 *
	 * @param columns the columns, with substitutes for those that may not
	 * @param until when to try the others again; none if there are no others
	 */
	private record Readable(String columns, @Nullable Deadline until) {

		boolean isOld() {
			return this.until == null || this.until.isOver();
		}

	}

	private enum Access {

		PERMITTED, REFUSED, FAILED

	}

	private enum Component {

		PID("pg_catalog.pg_backend_pid()", "0"),

		BACKEND_START("(SELECT " + ServerProbe.BACKEND_START
				+ " FROM pg_catalog.pg_stat_activity a WHERE a.pid = pg_catalog.pg_backend_pid())"),

		STANDBY("pg_catalog.pg_is_in_recovery()", "false"),

		READ_ONLY("pg_catalog.current_setting('transaction_read_only')::bool", "false"),

		SYSTEM_IDENTIFIER("(SELECT system_identifier::text FROM pg_catalog.pg_control_system())"),

		// of all ways to learn the timeline, only this one changes on promotion
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
