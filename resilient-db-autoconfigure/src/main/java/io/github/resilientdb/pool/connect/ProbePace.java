package io.github.resilientdb.pool.connect;

import java.util.concurrent.TimeUnit;

/**
 * How often a database that is away is asked whether it is back.
 */
final class ProbePace {

	private static final long LONG_OUTAGE = TimeUnit.MINUTES.toNanos(1);

	private static final int SLOWER = 10;

	private static final int SAME_PATIENCE = 3;

	private static final int MOST_DOUBLINGS = 3;

	private ProbePace() {
	}

	/**
	 * Return how long the server may be silent in an attempt to connect: short at first,
	 * since another one behind the same address may answer; longer later, since it may be
	 * slow.
	 * @param attempt how many attempts were made before
	 * @return the patience in nanoseconds
	 */
	static long patience(int attempt) {
		return TimeUnit.SECONDS.toNanos(1) << Math.min(attempt / SAME_PATIENCE, MOST_DOUBLINGS);
	}

	/**
	 * Return how long to wait before the next attempt.
	 * @param last what came of the last one
	 * @param lasting for how long the database has been away, in nanoseconds
	 * @param random a number from 0 to 1
	 * @return the pause in nanoseconds
	 */
	static long pause(ConnectFailure last, long lasting, double random) {
		long pause = switch (last) {
			case REFUSED, SILENT, FINAL -> TimeUnit.MILLISECONDS.toNanos(25);
			// not all pools of all applications at the same instant
			case NOT_YET -> TimeUnit.MILLISECONDS.toNanos(80 + (long) (40 * random));
		};
		return (lasting >= LONG_OUTAGE) ? pause * SLOWER : pause;
	}

}
