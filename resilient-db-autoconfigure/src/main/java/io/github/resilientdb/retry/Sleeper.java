package io.github.resilientdb.retry;

import java.time.Duration;

/**
 * Waits between attempts.
 */
interface Sleeper {

	/**
	 * Wait. Returns early when the application shuts down.
	 * @param delay how long
	 * @return whether it was waited for that long
	 * @throws InterruptedException if the thread is interrupted, or was before
	 */
	boolean sleep(Duration delay) throws InterruptedException;

	/**
	 * Return whether the application is shutting down.
	 * @return whether nothing may be waited for any more
	 */
	boolean isShuttingDown();

}
