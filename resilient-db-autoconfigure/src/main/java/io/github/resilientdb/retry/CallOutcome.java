package io.github.resilientdb.retry;

/**
 * How a call ended that did not return.
 */
enum CallOutcome {

	/**
	 * There was a reason to rerun, but no attempt or no time was left.
	 */
	EXHAUSTED,

	/**
	 * There was a reason to rerun, but the budget was used up.
	 */
	REJECTED,

	/**
	 * Nobody knows whether the transaction was committed.
	 */
	UNKNOWN,

	/**
	 * The thread was interrupted, or the application is shutting down.
	 */
	INTERRUPTED,

	/**
	 * There was no reason to rerun.
	 */
	ERROR

}
