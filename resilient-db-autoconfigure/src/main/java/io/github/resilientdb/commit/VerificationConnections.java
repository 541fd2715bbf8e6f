package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Opens connections to ask for the outcome of a lost COMMIT, outside the pool. Called for
 * at most two of them at a time. Thread-safe.
 */
@FunctionalInterface
public interface VerificationConnections {

	/**
	 * Open a new connection, in auto-commit mode, to the same database with the same
	 * credentials as the pool; the caller closes it.
	 * @param deadlineNanos when opening it, and each later operation on it, must be over,
	 * as a {@link System#nanoTime()} value
	 * @return the connection
	 * @throws SQLException if none can be opened in time
	 */
	Connection open(long deadlineNanos) throws SQLException;

	/**
	 * Called when a new connection has shown that the cluster has a new primary, to which
	 * older connections do not lead.
	 */
	default void primaryChanged() {
	}

	/**
	 * Return how long a COMMIT may take without its answer being doubted.
	 * @return nanoseconds
	 */
	default long patience() {
		return Long.MAX_VALUE;
	}

}
