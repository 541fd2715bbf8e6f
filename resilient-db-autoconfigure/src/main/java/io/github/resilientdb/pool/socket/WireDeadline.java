package io.github.resilientdb.pool.socket;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Until when the waits of a connection may last, and who may extend that. Set by others
 * than the thread that waits.
 */
final class WireDeadline {

	static final long NEVER = Long.MAX_VALUE;

	private volatile long at = NEVER;

	private volatile @Nullable LongSupplier extension;

	private volatile long heardAt = System.nanoTime();

	/**
	 * Set the deadline.
	 * @param nanoTime the deadline, as a {@link System#nanoTime()}
	 * @param extension asked, on the waiting thread, when it has passed, for another one;
	 * {@code null} if there is none
	 */
	void set(long nanoTime, @Nullable LongSupplier extension) {
		this.extension = extension;
		this.at = nanoTime;
	}

	/**
	 * The peer was heard from. Of interest only to whoever may extend the deadline.
	 */
	void heard() {
		if (this.extension != null) {
			this.heardAt = System.nanoTime();
		}
	}

	long heardAt() {
		return this.heardAt;
	}

	/**
	 * Return whether the deadline has passed and nobody extends it.
	 */
	boolean hasPassed() {
		return this.at != NEVER && remaining(System.nanoTime()) <= 0 && !extended();
	}

	private boolean extended() {
		LongSupplier extension = this.extension;
		if (extension == null) {
			return false;
		}
		this.at = extension.getAsLong();
		return remaining(System.nanoTime()) > 0;
	}

	/**
	 * Return how much time is left, in nanoseconds, or {@link Readiness#UNLIMITED}.
	 */
	long remaining(long now) {
		return remaining(this.at, now);
	}

	/**
	 * Return how much time is left until a limit, or {@link Readiness#UNLIMITED}.
	 */
	static long remaining(long limit, long now) {
		return (limit == NEVER) ? Readiness.UNLIMITED : limit - now;
	}

	/**
	 * Return the limit of a timeout.
	 * @param timeoutMillis the timeout, 0 for none
	 */
	static long in(int timeoutMillis) {
		return (timeoutMillis > 0) ? System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis) : NEVER;
	}

}
