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
			 * Nothing was done yet: no connection could be had. Not an attempt.
			 */
			WAIT,

			/**
			 * The server chose the transaction to fail.
			 */
			CONTENTION,

			/**
			 * Any other.
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

}
