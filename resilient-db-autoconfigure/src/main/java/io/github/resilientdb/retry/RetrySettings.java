package io.github.resilientdb.retry;

import java.time.Duration;
import java.util.Set;

/**
 * What is rerun, how often and how long.
 *
 * @param maxAttempts the number of attempts, the first included
 * @param deadline how long a whole call may go on trying
 * @param backoff the waits between attempts
 * @param reasons what is rerun
 * @param budget how many second and later reruns there may be
 */
public record RetrySettings(int maxAttempts, Duration deadline, Backoff backoff, Set<RetryReason> reasons,
		Budget budget) {

	public RetrySettings {
		check(maxAttempts > 0, "Invalid maxAttempts (%d): must be positive", maxAttempts);
		check(!deadline.isZero() && !deadline.isNegative(), "Invalid deadline (%s): must be positive", deadline);
		reasons = Set.copyOf(reasons);
	}

	private static void check(boolean valid, String message, Object value) {
		if (!valid) {
			throw new IllegalArgumentException(message.formatted(value));
		}
	}

	/**
	 * How many second and later reruns there may be; the first rerun of a call is free.
	 *
	 * @param ratio the number of reruns that each transaction adds
	 * @param burst the number of reruns that may be saved up
	 */
	public record Budget(double ratio, int burst) {

		public Budget {
			check(ratio >= 0 && ratio <= 1000, "Invalid ratio (%s): must be from 0 to 1000", ratio);
			check(burst >= 0, "Invalid burst (%d): must not be negative", burst);
		}

	}

}
