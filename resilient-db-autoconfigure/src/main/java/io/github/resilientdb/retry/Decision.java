package io.github.resilientdb.retry;

import java.time.Duration;

/**
 * What to do after an attempt failed.
 */
sealed interface Decision {

	/**
	 * Rerun after a while.
	 *
	 * @param delay how long to wait before
	 * @param reason the reason, for logs
	 * @param kind what the rerun counts as
	 */
	record Rerun(Duration delay, String reason, Kind kind) implements Decision {

		enum Kind {

			/**
			 * No connection could be had, so nothing was done: not an attempt.
			 */
			WAIT,

			/**
			 * The server made the transaction fail for the sake of another one.
			 */
			CONTENTION,

			/**
			 * The connection was lost.
			 */
			LOSS

		}

	}

	/**
	 * Give up.
	 *
	 * @param outcome how the call ends
	 */
	record Fail(CallOutcome outcome) implements Decision {

	}

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

}
