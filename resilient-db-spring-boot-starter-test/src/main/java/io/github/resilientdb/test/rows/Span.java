package io.github.resilientdb.test.rows;

import java.time.Duration;

/**
 * How far a point in time is away from the moment of a run at which it was computed,
 * which is not known: at the earliest the run's beginning, at the latest its end. All in
 * milliseconds.
 *
 * @param low the distance if it was computed at the end
 * @param high the distance if it was computed at the beginning
 * @param unit what the point in time seems to be truncated to, 0 if it is not
 */
record Span(long low, long high, long unit) {

	/**
	 * How much longer one run may take than another to come to the same place.
	 */
	private static final long SLACK = Duration.ofSeconds(5).toMillis();

	/**
	 * Distances that are less apart than this are taken for one, since a run with a fault
	 * takes longer.
	 */
	private static final long APART = Duration.ofSeconds(20).toMillis();

	private static final long MINUTE = Duration.ofMinutes(1).toMillis();

	/**
	 * What is truncated was as far away as a round part of the unit: nobody adds 7
	 * minutes and 12 seconds before truncating to hours.
	 */
	private static final long PARTS = 12;

	/**
	 * Return whether two runs may have computed this with the same distance.
	 */
	boolean matches(Span other) {
		return matches(other, SLACK);
	}

	/**
	 * Return whether no run with a fault could tell the two distances apart.
	 */
	boolean isOneWith(Span other) {
		return matches(other, (Math.min(this.unit, other.unit) < MINUTE) ? APART : SLACK);
	}

	/**
	 * A whole minute may be a truncated one, or one by chance: the finer of the two
	 * tells.
	 */
	private boolean matches(Span other, long slack) {
		long finer = Math.min(this.unit, other.unit);
		long from = Math.max(this.low, other.low) - slack;
		long to = Math.min(this.high, other.high) + finer + slack;
		if (finer < MINUTE) {
			return from <= to;
		}
		long part = finer / PARTS;
		return Math.floorDiv(to, part) * part >= from;
	}

	Span and(Span other) {
		return new Span(Math.min(this.low, other.low), Math.max(this.high, other.high),
				Math.min(this.unit, other.unit));
	}

	long distanceTo(Span other) {
		return Math.abs(this.low - other.low);
	}

}
