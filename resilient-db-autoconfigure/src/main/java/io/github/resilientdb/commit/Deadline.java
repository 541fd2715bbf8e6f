package io.github.resilientdb.commit;

import java.time.Duration;

/**
 * A point in time by which something must be done.
 *
 * @param nanos as a {@link System#nanoTime()} value
 */
public record Deadline(long nanos) {

	public static Deadline after(Duration duration) {
		return new Deadline(System.nanoTime() + duration.toNanos());
	}

	/**
	 * Return the earlier one.
	 * @param otherNanos another deadline, {@link Long#MAX_VALUE} for none
	 */
	public Deadline orEarlier(long otherNanos) {
		return (otherNanos == Long.MAX_VALUE || otherNanos - this.nanos >= 0) ? this : new Deadline(otherNanos);
	}

	public long remaining() {
		return this.nanos - System.nanoTime();
	}

	public boolean isOver() {
		return remaining() <= 0;
	}

}
