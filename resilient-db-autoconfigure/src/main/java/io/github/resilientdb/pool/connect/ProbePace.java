package io.github.resilientdb.pool.connect;

import java.util.concurrent.TimeUnit;

/**
 * How often a database that is away is asked whether it is back.
 */
final class ProbePace {

	/**
	 * How long the server may be silent in an attempt to connect, in nanoseconds: another
	 * one behind the same address may answer.
	 */
	static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

	/**
	 * How many attempts are made before it is thought that the server may be slow.
	 */
	static final int IMPATIENT_ATTEMPTS = 3;

	private static final long LONG_OUTAGE = TimeUnit.MINUTES.toNanos(1);

	private static final int SLOWER = 10;

	private ProbePace() {
	}

	/**
	 * Return how long the server may be silent in an attempt at the only address there
	 * is, in nanoseconds. Once it was silent, the address is asked twice as often: a
	 * proxy that takes turns may lead to a server that is gone and to one that answers.
	 * After the impatient attempts a patient one is under way, too, and those beside it
	 * don't hurry.
	 * @param attempt the number of the attempt, from 1
	 */
	static long patience(int attempt) {
		return (attempt > 1 && attempt <= IMPATIENT_ATTEMPTS) ? PATIENCE / 2 : PATIENCE;
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
