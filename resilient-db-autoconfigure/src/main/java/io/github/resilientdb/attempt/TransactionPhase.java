package io.github.resilientdb.attempt;

/**
 * How far a transaction has come, as the transaction manager's listeners saw it. How it
 * ended is its {@link TransactionOutcome}.
 */
enum TransactionPhase {

	/**
	 * No transaction manager began it.
	 */
	UNMANAGED,

	/**
	 * It is about to begin.
	 */
	ANNOUNCED,

	/**
	 * Its body runs, even if no connection was fetched for it.
	 */
	BEGUN,

	/**
	 * A commit was asked for.
	 */
	COMMITTING,

	/**
	 * A rollback was asked for.
	 */
	ROLLING_BACK;

	/**
	 * Go on to a later phase. There is no way back, and none from a commit to a rollback:
	 * it must not be forgotten that a commit was asked for.
	 */
	TransactionPhase reach(TransactionPhase next) {
		boolean forward = this != COMMITTING && next.compareTo(this) > 0;
		return forward ? next : this;
	}

	boolean hasBegun() {
		return compareTo(BEGUN) >= 0;
	}

}
