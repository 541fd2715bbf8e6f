package io.github.resilientdb.disconnect;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.resilientdb.DisconnectClassifier;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The SQLSTATEs that only PostgreSQL has, and the words of PgBouncer, which has none of
 * its own.
 *
 * @see <a href=
 * "https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error
 * codes</a>
 */
final class PostgresDisconnectClassifier implements DisconnectClassifier {

	private static final Verdicts STATES = new Verdicts()
		// admin_shutdown: a fast shutdown, or an administrator ended this session
		.disconnect("57P01", Scope.SUSPECT, "admin-shutdown")
		// crash_shutdown: another backend crashed, and the postmaster ended them all
		.disconnect("57P02", Scope.POOL, "crash-shutdown")
		// idle_session_timeout: this session was idle for too long
		.disconnect("57P05", Scope.CONNECTION, "idle-session-timeout")
		// idle_in_transaction_session_timeout: this transaction was idle for too long
		.disconnect("25P03", Scope.CONNECTION, "idle-in-transaction-timeout")
		// cannot_connect_now: starting up, shutting down, or not yet consistent
		.unavailable("57P03", "starting-up")
		// too_many_connections: of the server, the role or the database
		.unavailable("53300", "too-many-connections")
		// deadlock_detected
		.contention("40P01", Kind.DEADLOCK, "deadlock")
		// query_canceled: statement_timeout, Statement.cancel(), a transaction timeout
		.other("57014", Scope.NONE, "query-canceled")
		// transaction_timeout: ends the session, but rerunning would only take as long
		.other("25P04", Scope.CONNECTION, "transaction-timeout")
		// database_dropped
		.other("57P04", Scope.CONNECTION, "database-dropped")
		// invalid_catalog_name: there is no such database
		.other("3D000", Scope.NONE, "no-such-database")
		// read_only_sql_transaction: read-only by declaration, or a standby
		.other("25006", Scope.NONE, "read-only");

	// the postmaster died, and with it all backends
	private static final FailureVerdict CRASHED = new FailureVerdict(Kind.DISCONNECT, Scope.POOL, "crash-shutdown");

	// PgBouncer reports failures of its own as protocol violations
	private static final Map<String, FailureVerdict> POOLER = new LinkedHashMap<>();

	static {
		// The server's end of this link is gone; nothing is known of others
		POOLER.put("server conn crashed", disconnect("pooler-lost-server"));
		// KILL, or the database was taken out of PgBouncer's configuration
		POOLER.put("database removed", disconnect("pooler-lost-server"));
		// The transaction was idle for longer than idle_transaction_timeout
		POOLER.put("idle transaction timeout", disconnect("idle-in-transaction-timeout"));
		// The client was idle for longer than client_idle_timeout
		POOLER.put("client_idle_timeout", disconnect("idle-session-timeout"));
		// No server connection was free in time
		POOLER.put("query_wait_timeout", unavailable("pooler-exhausted"));
		// The server can't be reached, and PgBouncer pauses before it tries again
		POOLER.put("server login has been failing", unavailable("pooler-no-server"));
		POOLER.put("cannot connect to server", unavailable("pooler-no-server"));
		// The server refused PgBouncer, which has the client wait and try again
		POOLER.put("server login failed", unavailable("pooler-no-server"));
		// PgBouncer passed on a setting that the server refused at connect
		POOLER.put("invalid server parameter", unavailable("pooler-no-server"));
		// PgBouncer has as many clients as it may have
		POOLER.put("no more connections allowed", unavailable("too-many-connections"));
		POOLER.put("max_client_conn", unavailable("too-many-connections"));
		// PgBouncer itself goes down
		POOLER.put("pooler is shut down", unavailable("shutting-down"));
		POOLER.put("shutting down", unavailable("shutting-down"));
	}

	@Override
	public @Nullable FailureVerdict classify(SQLException failure) {
		String state = failure.getSQLState();
		if ("0A000".equals(state)) {
			return stalePlan(failure);
		}
		if ("57P01".equals(state) && says(failure, "unexpected postmaster exit")) {
			return CRASHED;
		}
		FailureVerdict pooler = "08P01".equals(state) ? pooler(failure) : null;
		return (pooler != null) ? pooler : STATES.get(state);
	}

	// feature_not_supported, but for a plan of this connection that an ALTER TABLE made
	// stale: the transaction was rolled back, and a connection without that plan succeeds
	private static @Nullable FailureVerdict stalePlan(SQLException failure) {
		return says(failure, "cached plan must not change result type") ? disconnect("stale-plan") : null;
	}

	private static @Nullable FailureVerdict pooler(SQLException failure) {
		for (Map.Entry<String, FailureVerdict> entry : POOLER.entrySet()) {
			if (says(failure, entry.getKey())) {
				return entry.getValue();
			}
		}
		return null;
	}

	private static boolean says(SQLException failure, String words) {
		String message = failure.getMessage();
		return message != null && message.contains(words);
	}

	private static FailureVerdict disconnect(String reason) {
		return new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION, reason);
	}

	private static FailureVerdict unavailable(String reason) {
		return new FailureVerdict(Kind.UNAVAILABLE, Scope.NONE, reason);
	}

}
