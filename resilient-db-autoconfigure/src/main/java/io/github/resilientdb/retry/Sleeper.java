package io.github.resilientdb.retry;

import java.time.Duration;

/**
 * Waits between attempts.
 */
interface Sleeper {

	/**
	 * Wait. Returns early when the application shuts down.
	 * @param delay how long
	 * @return whether that time has passed
	 * @throws InterruptedException if the thread is interrupted, or was before
	 */
	boolean sleep(Duration delay) throws InterruptedException;

	/**
	 * Return whether the application is shutting down.
	 * @return whether nobody may wait any longer
	 */
	boolean isShuttingDown();

}
