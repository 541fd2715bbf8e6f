package io.github.resilientdb.commit;

import java.time.Duration;

/**
 * Receives what happens to lost COMMITs, on the thread on which it happens. Must not
 * throw.
 */
public interface CommitListener {

	/**
	 * Listens to nothing.
	 */
	CommitListener NONE = new CommitListener() {
	};

	/**
	 * Called when a verification was chosen.
	 * @param choice the choice
	 */
	default void chosen(CommitChoice choice) {
	}

	/**
	 * Called when the outcome of a lost COMMIT was looked for.
	 * @param outcome what was found
	 * @param elapsed how long that took
	 */
	default void verified(CommitOutcome outcome, Duration elapsed) {
	}

	/**
	 * Called when a server process that still held a lost transaction was terminated.
	 */
	default void fenced() {
	}

}
