package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * How transactions are committed on one physical connection. Not thread-safe.
 */
public interface CommitSession {

	/**
	 * Sends COMMIT on the physical connection, whose auto-commit is off, and returns what
	 * became of the transaction. A loss is resolved here, on connections of its own; an
	 * interrupt does not cut that short and is still set on return.
	 * @param physical the connection this session was opened for
	 * @param request what the caller wants
	 * @return the outcome
	 * @throws SQLException only if the transaction was definitely rolled back and the
	 * connection can go on being used
	 */
	CommitOutcome commit(Connection physical, CommitRequest request) throws SQLException;

	/**
	 * Ends the server's side of this session, and so frees its locks. For use after the
	 * connection was lost in the middle of a transaction, before COMMIT was sent: the
	 * server may not notice for hours. Does nothing if that is not allowed, or if it is
	 * not certain which process it is (behind a pooler).
	 * @param deadlineNanos when to give up, as a {@link System#nanoTime()} value, or
	 * {@link Long#MAX_VALUE}
	 * @return whether a server process was terminated
	 */
	boolean release(long deadlineNanos);

	/**
	 * Limits how long the statements of the current transaction wait for a lock, for use
	 * before a statement. A shorter limit that the user has set stays in force.
	 * @param physical the connection this session was opened for
	 * @param nanos how long a wait may last
	 * @return whether this limit is in force
	 * @throws SQLException if it could not be set
	 */
	boolean limitLockWaits(Connection physical, long nanos) throws SQLException;

}
