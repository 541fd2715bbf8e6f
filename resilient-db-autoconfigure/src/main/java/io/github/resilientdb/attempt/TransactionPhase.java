package io.github.resilientdb.attempt;

/**
 * How far the transaction manager's listeners have seen a transaction come. They tell of
 * the end too, which is another matter: {@link TransactionOutcome}.
 */
enum TransactionPhase {

	/**
	 * No transaction manager tells of it.
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
	 * Go on to a later phase. There is no way back, and from a commit to a rollback
	 * neither: that a commit was asked for must not be forgotten.
	 */
	TransactionPhase reach(TransactionPhase next) {
		boolean forward = this != COMMITTING && next.compareTo(this) > 0;
		return forward ? next : this;
	}

	boolean hasBegun() {
		return compareTo(BEGUN) >= 0;
	}

}
