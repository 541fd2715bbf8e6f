package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

import io.github.resilientdb.commit.CommitChoice;
import io.github.resilientdb.commit.CommitFailure;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.CommitVerificationUnavailableException;
import io.github.resilientdb.commit.MarkerTable;
import io.github.resilientdb.commit.Verification;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what verification a PostgreSQL database offers to the role of the pool.
 */
final class PostgresVerificationChooser {

	private static final String UNKNOWN_WITHOUT = "costs nothing; a lost COMMIT has an unknown outcome";

	private static final String XID_COST = "one round trip per transaction that may have written; "
			+ "a commit that got through just before a crash or failover is reported as unknown";

	private static final String MARKER_COST = "no round trip, one small row per transaction that has written; "
			+ "definitive across crashes and failovers";

	private static final List<String> LOOK_ALIKES = List.of("-yb-", "yugabyte", "cockroach", "redshift", "greenplum");

	private static final Logger logger = LoggerFactory.getLogger(PostgresVerificationChooser.class);

	private final CommitSettings settings;

	private final ServerProbe probe;

	PostgresVerificationChooser(CommitSettings settings, ServerProbe probe) {
		this.settings = settings;
		this.probe = probe;
	}

	Chosen choose(Connection connection) throws SQLException {
		return switch (this.settings.verification()) {
			case NONE ->
				new Chosen(new CommitChoice(Verification.NONE, "as configured; " + UNKNOWN_WITHOUT), null, false);
			case MARKER -> marker(connection);
			case XID -> xid(connection);
			case AUTO -> best(connection);
		};
	}

	private Chosen marker(Connection connection) throws SQLException {
		MarkerInspection.Result check = inspect(connection);
		if (check.table() == null) {
			throw new CommitVerificationUnavailableException(Verification.MARKER, check.missing(), check.remedy());
		}
		return chosen(connection, check.table());
	}

	private MarkerInspection.Result inspect(Connection connection) throws SQLException {
		String lookAlike = lookAlike(connection);
		return (lookAlike != null) ? MarkerInspection.Result.missing(
				"not every transaction that writes has an id of this server: " + lookAlike, "Use verification 'none'.")
				: new MarkerInspection(connection, this.settings).result();
	}

	private Chosen xid(Connection connection) throws SQLException {
		if (!knowsXids(connection)) {
			throw new CommitVerificationUnavailableException(Verification.XID,
					"the server does not tell the status of a transaction (PostgreSQL 10 and later do): "
							+ connection.getMetaData().getDatabaseProductVersion(),
					"Use verification 'auto', 'marker' or 'none'.");
		}
		return new Chosen(new CommitChoice(Verification.XID, "as configured; " + cost(connection)), null, true);
	}

	private Chosen best(Connection connection) throws SQLException {
		MarkerInspection.Result check = inspect(connection);
		if (check.table() != null) {
			return chosen(connection, check.table());
		}
		if (check.suspicious()) {
			logger.warn("The commit marker is not used: {}. {}", check.missing(), check.remedy());
		}
		if (knowsXids(connection)) {
			return new Chosen(new CommitChoice(Verification.XID, check.missing() + "; " + cost(connection)), null,
					true);
		}
		return new Chosen(
				new CommitChoice(Verification.NONE, check.missing()
						+ ", and the server does not tell the status of a transaction; " + UNKNOWN_WITHOUT),
				null, false);
	}

	private Chosen chosen(Connection connection, MarkerTable table) throws SQLException {
		return new Chosen(
				new CommitChoice(Verification.MARKER,
						"table %s exists and may be used; %s".formatted(table.qualifiedName(), MARKER_COST)),
				table, knowsXids(connection));
	}

	private String cost(Connection connection) throws SQLException {
		ServerState server = this.probe.probe(connection);
		return (server == null || server.token().isConclusive()) ? XID_COST : XID_COST
				+ "; the server does not let this role see whether it crashed, so no lost COMMIT can be confirmed";
	}

	/**
	 * Try it out, since a function that is there proves nothing: engines that only look
	 * like PostgreSQL have it too.
	 */
	private boolean knowsXids(Connection connection) throws SQLException {
		if (lookAlike(connection) != null) {
			return false;
		}
		try {
			if ("true".equals(value(connection, "SELECT pg_catalog.pg_is_in_recovery()::text"))) {
				value(connection, "SELECT pg_catalog.txid_status(pg_catalog.txid_current_if_assigned())");
				return true;
			}
			return "committed".equals(statusAfterStatement(connection))
					&& "aborted".equals(statusAfterRollback(connection));
		}
		catch (SQLException ex) {
			if (CommitFailure.isLoss(ex, connection) || CommitFailure.mayPass(ex)) {
				throw ex;
			}
			return false;
		}
	}

	/**
	 * The status of a transaction that was one statement, or {@code null} if it had the
	 * wrong one while it was in progress.
	 */
	private static @Nullable String statusAfterStatement(Connection connection) throws SQLException {
		String inProgress = value(connection, "SELECT pg_catalog.txid_current()::text || ' ' "
				+ "|| pg_catalog.txid_status(pg_catalog.txid_current())");
		int end = (inProgress != null) ? inProgress.indexOf(' ') : -1;
		return (inProgress != null && inProgress.endsWith(" in progress"))
				? status(connection, inProgress.substring(0, end)) : null;
	}

	/**
	 * The status of a transaction that was rolled back, or {@code null} if it had the
	 * wrong one while it was in progress.
	 */
	private static @Nullable String statusAfterRollback(Connection connection) throws SQLException {
		connection.setAutoCommit(false);
		try {
			try (Statement statement = connection.createStatement()) {
				statement.execute("SET TRANSACTION READ WRITE");
			}
			String xid = value(connection, "SELECT pg_catalog.txid_current()::text");
			boolean inProgress = "in progress".equals(status(connection, xid));
			connection.rollback();
			return inProgress ? status(connection, xid) : null;
		}
		finally {
			connection.rollback();
			connection.setAutoCommit(true);
		}
	}

	private static @Nullable String status(Connection connection, @Nullable String xid) throws SQLException {
		return value(connection, "SELECT pg_catalog.txid_status(?::bigint)", String.valueOf(xid));
	}

	/**
	 * The name of an engine that need not give a transaction that writes an id of this
	 * server, or {@code null}.
	 */
	private static @Nullable String lookAlike(Connection connection) throws SQLException {
		String version = String.valueOf(value(connection, "SELECT pg_catalog.version()"));
		for (String name : LOOK_ALIKES) {
			if (version.toLowerCase(Locale.ROOT).contains(name)) {
				return version;
			}
		}
		return "true".equals(
				value(connection, "SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'citus')::text"))
						? "Citus" : null;
	}

	static @Nullable String value(Connection connection, String sql, String... parameters) throws SQLException {
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
	 * @param xid whether the status of transactions can be asked for
	 */
	record Chosen(CommitChoice choice, @Nullable MarkerTable marker, boolean xid) {

	}

}
