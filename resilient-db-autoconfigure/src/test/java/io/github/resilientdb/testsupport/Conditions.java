package io.github.resilientdb.testsupport;

import java.time.Duration;
import java.util.concurrent.Callable;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Waiting for something to become true, bounded, with the reason why it did not.
 */
final class Conditions {

	private Conditions() {
	}

	/**
	 * Wait until a condition holds. Exceptions count as "not yet"; the last one is the
	 * cause of the failure. Errors and {@link IllegalStateException}s end the wait.
	 * @param description what is waited for
	 * @param timeout how long
	 * @param condition the condition
	 */
	static void await(String description, Duration timeout, Callable<Boolean> condition) {
		try {
			Awaitility.await(description)
				.atMost(timeout)
				.pollInSameThread() // whose locks the condition may need
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(20))
				.ignoreExceptionsMatching((ex) -> !(ex instanceof IllegalStateException))
				.until(condition);
		}
		catch (ConditionTimeoutException ex) {
			throw new IllegalStateException("Not within " + timeout + ": " + description, ex);
		}
	}

}
