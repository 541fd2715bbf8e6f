package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * How transactions are committed on one physical connection. Not thread-safe.
 */
public interface CommitSession {

	/**
	 * Send COMMIT on the physical connection, whose auto-commit is off, and return what
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
	 * Take note that a transaction begins, before its first statement is sent.
	 */
	default void transactionBegins() {
	}

	/**
	 * End the server's side of this session, and so free its locks. For use after the
	 * connection was lost in the middle of a transaction, before COMMIT was sent: the
	 * server may not notice for hours. Nothing is done if that is not allowed, or if it
	 * is not certain which process it is (behind a pooler).
	 * @param deadlineNanos when to give up, as a {@link System#nanoTime()} value, or
	 * {@link Long#MAX_VALUE}
	 * @return whether a server process was terminated
	 */
	boolean release(long deadlineNanos);

	/**
	 * Return whether the driver knows of no open transaction: it may have been ended
	 * without the help of this session.
	 * @return whether there is none, {@code false} if that can't be told
	 */
	default boolean isTransactionOver() {
		return false;
	}

	/**
	 * Limit how long the statements of the current transaction wait for a lock. To be
	 * called before a statement. A shorter limit that the user has set stays in force.
	 * @param physical the connection this session was opened for
	 * @param nanos how long a wait may last
	 * @return whether this limit is in force
	 * @throws SQLException if it could not be set
	 */
	boolean limitLockWaits(Connection physical, long nanos) throws SQLException;

	/**
	 * Look at the server process of this session, on another connection. For any thread.
	 * @param other the other connection, in auto-commit mode
	 * @return what the process does
	 * @throws SQLException if the other connection fails
	 */
	default BackendState look(Connection other) throws SQLException {
		return BackendState.UNIDENTIFIED;
	}

	/**
	 * End the server process of this session, if it waits for its client, it is certain
	 * which one it is, and that is allowed. For any thread.
	 * @param other another connection, in auto-commit mode
	 * @return whether it was terminated
	 * @throws SQLException if the other connection fails
	 */
	default boolean endWaiting(Connection other) throws SQLException {
		return false;
	}

	/**
	 * Return whether another session may be on the same server as this one, as far as is
	 * known. For any thread.
	 * @param other the other session
	 * @return {@code false} if they are on different servers
	 */
	default boolean mayShareServer(CommitSession other) {
		return true;
	}

	/**
	 * Return whether the cluster has had a new primary since, so that nothing done on
	 * this connection counts any more. For any thread.
	 * @return whether a connection has shown a higher timeline
	 */
	default boolean isSuperseded() {
		return false;
	}

	/**
	 * What the caller of a COMMIT wants.
	 *
	 * @param verify whether the outcome is to be found out if the COMMIT is lost; if not,
	 * the COMMIT costs nothing extra
	 * @param readOnly whether {@code setReadOnly(true)} was called for this transaction
	 * @param deadlineNanos when the call must be over, as a {@link System#nanoTime()}
	 * value, or {@link Long#MAX_VALUE}
	 */
	record CommitRequest(boolean verify, boolean readOnly, long deadlineNanos) {

	}

}
