package io.github.resilientdb.retry;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Exponential back-off with full jitter: each wait is chosen at random between nothing
 * and a cap that grows, and goes on being random once the cap has reached its maximum.
 * That is what spreads callers that failed at the same instant.
 *
 * @param initial the cap of the first wait
 * @param multiplier by what the cap grows from one wait to the next
 * @param max the highest cap
 */
public record Backoff(Duration initial, double multiplier, Duration max) {

	/**
	 * For serialization failures and deadlocks: their cause is gone as soon as another
	 * transaction has ended.
	 */
	static final Backoff CONTENTION = new Backoff(Duration.ofMillis(10), 3, Duration.ofMillis(250));

	/**
	 * For writes that a standby refused time and again. New connections are asked whether
	 * they lead to one, so that a pooler leads to both for a while: a proxy before the
	 * servers takes seconds to find out.
	 */
	static final Backoff PRIMARY = new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(2));

	static final Duration PRIMARY_AT_LEAST = Duration.ofMillis(500);

	/**
	 * For a primary that refuses to write: whoever made it read-only will end that.
	 */
	static final Backoff READ_ONLY = new Backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(1));

	static final Duration READ_ONLY_AT_LEAST = Duration.ofMillis(250);

	public Backoff {
		check(isPositive(initial), "Invalid initial (%s): must be positive", initial, null);
		check(multiplier >= 1 && multiplier <= 1000, "Invalid multiplier (%s): must be from 1 to 1000", multiplier,
				null);
		check(max.compareTo(initial) >= 0, "Invalid max (%s): must not be less than initial (%s)", max, initial);
	}

	private static void check(boolean valid, String message, Object value, @Nullable Object limit) {
		if (!valid) {
			throw new IllegalArgumentException(message.formatted(value, limit));
		}
	}

	/**
	 * Choose a wait.
	 * @param number how many waits there were before
	 * @param floor the shortest wait, in nanoseconds, even if the cap is lower
	 * @param limit the longest wait that makes sense, in nanoseconds
	 * @param random a number from 0 to 1
	 * @return the wait
	 */
	Duration delay(int number, long floor, long limit, double random) {
		double cap = Math.min(nanos(this.initial) * Math.pow(this.multiplier, number), nanos(this.max));
		long bound = Math.min((long) cap, limit);
		long least = Math.min(floor, limit);
		return Duration.ofNanos(least + (long) (Math.max(0, bound - least) * random));
	}

	private static double nanos(Duration duration) {
		return duration.toSeconds() * 1e9 + duration.getNano();
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isZero() && !duration.isNegative();
	}

}
