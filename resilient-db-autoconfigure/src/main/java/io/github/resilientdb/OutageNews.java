package io.github.resilientdb;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Which outages the log tells of, at their beginning as at their end. While a proxy ends
 * one session after the other, outages come and go: a brief one that soon follows another
 * is not worth its lines.
 * <p>
 * Not meant to be used by applications.
 */
public final class OutageNews {

	/**
	 * What lasts as long is worth telling, whatever came before.
	 */
	public static final Duration BRIEF = Duration.ofSeconds(1);

	/**
	 * One incident is told of once in that time.
	 */
	public static final Duration QUIET = Duration.ofSeconds(10);

	private OutageNews() {
	}

	/**
	 * Return whether an outage is worth telling.
	 * @param told when the last one ended that was told, as a value of
	 * {@link System#nanoTime()}; {@code null} if there was none
	 * @param began when it began, likewise
	 * @param lasting how long it has lasted
	 * @return whether it is
	 */
	public static boolean isWorthTelling(@Nullable Long told, long began, Duration lasting) {
		return told == null || began - told >= QUIET.toNanos() || lasting.compareTo(BRIEF) >= 0;
	}

}
