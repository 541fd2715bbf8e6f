package io.github.resilientdb.pool.connect;

import java.util.concurrent.TimeUnit;

/**
 * How many connects per second all pools of this JVM together may spend on databases that
 * are away.
 */
final class ProbeBudget {

	static final ProbeBudget SHARED = new ProbeBudget();

	// less than the hundred and the forty that are promised: threads may be late, and
	// then make several at once
	private static final long CHEAP = TimeUnit.SECONDS.toNanos(1) / 80;

	private static final long COSTLY = TimeUnit.SECONDS.toNanos(1) / 32;

	private long cheapAt = Long.MIN_VALUE;

	private long costlyAt = Long.MIN_VALUE;

	/**
	 * Reserve an attempt, or take note of one that was made.
	 * @param last what came of the last one, and may come of this one
	 * @param hosts how many servers it asks
	 * @param earliest when it would be made if there were no others, as a
	 * {@link System#nanoTime()}
	 * @return when it may be made
	 */
	synchronized long reserve(ConnectFailure last, int hosts, long earliest) {
		boolean costly = last == ConnectFailure.NOT_YET;
		long free = costly ? this.costlyAt : this.cheapAt;
		long at = (free == Long.MIN_VALUE || earliest - free > 0) ? earliest : free;
		if (costly) {
			this.costlyAt = at + COSTLY * hosts;
		}
		else {
			this.cheapAt = at + CHEAP * hosts;
		}
		return at;
	}

}
