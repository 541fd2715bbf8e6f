package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.CommitListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Terminates the server process of a lost connection, so that its transaction cannot
 * commit any more and its locks are released. Never one that waits for a synchronous
 * standby: its commit is done and would become visible without having been replicated.
 * Nor one whose state is hidden, since it may be doing just that.
 */
final class BackendFence {

	private static final String HOLDER = """
			SELECT CASE WHEN a.wait_event = 'SyncRep' THEN 'SYNC_REPLICATION' WHEN a.state IS NULL THEN 'HIDDEN'
			ELSE 'ACTIVE' END FROM pg_catalog.pg_stat_activity a WHERE a.pid <> pg_catalog.pg_backend_pid() AND\s""";

	private static final String TERMINATE = """
			SELECT pg_catalog.pg_terminate_backend(a.pid)::text FROM pg_catalog.pg_stat_activity a
			WHERE a.state IS NOT NULL AND a.wait_event IS DISTINCT FROM 'SyncRep'
			AND a.pid <> pg_catalog.pg_backend_pid() AND\s""";

	private static final String CLOCK = "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::bigint::text";

	private static final int CLOCK_READINGS = 5;

	private static final String BEGAN_BETWEEN = " AND (extract(epoch FROM a.xact_start) * 1000000)::bigint BETWEEN ? AND ?";

	private static final String WAITS = " AND (a.state LIKE 'idle%' OR a.wait_event IN ('ClientRead', 'ClientWrite'))";

	// Shown to every role, unlike the rest, and true behind a pooler too.
	private static final String BY_XID = "a.backend_xid::text::bigint = ?";

	private static final Logger logger = LoggerFactory.getLogger(BackendFence.class);

	private final boolean allowed;

	private final CommitListener listener;

	BackendFence(boolean allowed, CommitListener listener) {
		this.allowed = allowed;
		this.listener = listener;
	}

	boolean isAllowed() {
		return this.allowed;
	}

	Holder holder(VerificationTransaction transaction, long xid) throws SQLException {
		return holder(transaction.value(HOLDER + BY_XID, shown(xid)));
	}

	Holder holder(VerificationTransaction transaction, Backend backend) throws SQLException {
		return holder(transaction.value(HOLDER + ServerProbe.IS_BACKEND, backend.pid(), backend.start()));
	}

	private static Holder holder(@Nullable String name) {
		return (name != null) ? Holder.valueOf(name) : Holder.NONE;
	}

	boolean terminate(VerificationTransaction transaction, long xid) throws SQLException {
		return terminate(transaction, BY_XID, shown(xid));
	}

	/**
	 * Terminate a process known by its pid and its start, if its transaction is the lost
	 * one. A pooler may have given the process to another client since, or have had
	 * another process serve the transaction; but a transaction of another client began
	 * after the last answer on the lost connection, or before the lost transaction. If it
	 * was before it by less than reading the clock takes, it can't be told apart and is
	 * ended, too (57P01, so it is rolled back): with a later bound the lost one could be
	 * missed.
	 */
	boolean terminate(VerificationTransaction transaction, Backend backend) throws SQLException {
		if (!this.allowed) {
			return false;
		}
		long answered = serverTime(transaction, backend.lastAnswer());
		long began = answered - TimeUnit.NANOSECONDS.toMicros(backend.lastAnswer() - backend.began());
		return terminate(transaction, ServerProbe.IS_BACKEND + BEGAN_BETWEEN, backend.pid(), backend.start(), began,
				answered);
	}

	/**
	 * Return what the server's clock showed when an answer came, or a little less, never
	 * more: each reading is too early by the time that it took to get here, so the latest
	 * of several is the best. A single slow one would make a short transaction look as if
	 * it had begun after the answer.
	 */
	private static long serverTime(VerificationTransaction transaction, long nanoTime) throws SQLException {
		long latest = Long.MIN_VALUE;
		for (int i = 0; i < CLOCK_READINGS; i++) {
			long clock = Long.parseLong(String.valueOf(transaction.value(CLOCK)));
			latest = Math.max(latest, clock - TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - nanoTime));
		}
		return latest;
	}

	/**
	 * Terminate a process of a connection of our own, if it waits for its client.
	 */
	boolean terminateWaiting(Connection other, Backend process) throws SQLException {
		if (!this.allowed) {
			return false;
		}
		try (PreparedStatement statement = other.prepareStatement(TERMINATE + ServerProbe.IS_BACKEND + WAITS)) {
			statement.setInt(1, process.pid());
			statement.setString(2, process.start());
			try (ResultSet row = statement.executeQuery()) {
				return row.next() && "true".equals(row.getString(1));
			}
		}
	}

	private boolean terminate(VerificationTransaction transaction, String condition, Object... parameters)
			throws SQLException {
		if (!this.allowed) {
			return false;
		}
		try {
			boolean terminated = "true".equals(transaction.value(TERMINATE + condition, parameters));
			if (terminated) {
				logger.info("Terminated a server process that held on to a transaction whose connection was lost");
				this.listener.fenced();
			}
			return terminated;
		}
		catch (SQLException ex) {
			if ("42501".equals(ex.getSQLState())) {
				logger.debug("Not permitted to terminate a server process that holds a lost transaction", ex);
				return false;
			}
			throw ex;
		}
	}

	/**
	 * The activity view shows the id without its epoch.
	 */
	private static long shown(long xid) {
		return xid & 0xFFFF_FFFFL;
	}

	/**
	 * The process that served a connection.
	 *
	 * @param pid its id
	 * @param start when it was started
	 * @param began when the connection's transaction began, or a little earlier, as a
	 * {@link System#nanoTime()} value
	 * @param lastAnswer when the connection's last answer came, as a
	 * {@link System#nanoTime()} value
	 */
	record Backend(int pid, String start, long began, long lastAnswer) {
	}

	/**
	 * What is known of the process that holds a transaction.
	 */
	enum Holder {

		/**
		 * There is none.
		 */
		NONE,

		/**
		 * It waits for a synchronous standby.
		 */
		SYNC_REPLICATION,

		/**
		 * This role may not see what it does.
		 */
		HIDDEN,

		ACTIVE

	}

}
