package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.commit.CommitSession;

/**
 * Keeps a rerun from waiting beyond its deadline for a lock that the connection of the
 * failed attempt may hold: the server may not notice for hours that it was lost. Applies
 * to one transaction at a time of one connection.
 */
final class LockWaitLimit {

	// lock_not_available
	private static final String LOCK_NOT_AVAILABLE = "55P03";

	// Each wait may last for what was left when the limit was set
	private static final long RENEWAL = TimeUnit.MILLISECONDS.toNanos(200);

	private boolean applied;

	private long appliedAt;

	private boolean inForce;

	/**
	 * A statement is about to be executed within a transaction.
	 */
	void executing(AttemptLedger ledger, CommitSession session, Connection physical) throws SQLException {
		if (!ledger.backends().mustLimitLockWaits()) {
			return;
		}
		long now = System.nanoTime();
		if (!this.applied || now - this.appliedAt >= RENEWAL) {
			this.inForce = session.limitLockWaits(physical, ledger.deadline() - now);
			this.applied = true;
			this.appliedAt = now;
		}
	}

	/**
	 * Return whether a failure means that the limit was reached.
	 */
	boolean isReached(SQLException failure) {
		return this.inForce && LOCK_NOT_AVAILABLE.equals(failure.getSQLState());
	}

	/**
	 * What was set in this transaction, or since the last savepoint, does not count any
	 * more.
	 */
	void clear() {
		this.applied = false;
		this.inForce = false;
	}

}
