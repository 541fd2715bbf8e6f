package io.github.resilientdb.test.rows;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/**
 * A point in time of a run, and how far away it is from the moment at which it was
 * computed. That is not known: at the earliest the run's beginning, at the latest its
 * end. The clocks of the server and of this JVM may be apart, as long as they are so in
 * all runs.
 *
 * @param at the point in time
 * @param since when the run began
 * @param until when the run had ended
 * @param unit what the point in time seems to be truncated to
 */
record Span(Instant at, Instant since, Instant until, Unit unit) {

	/**
	 * For clocks that are adjusted, and for what is rounded instead of truncated.
	 */
	private static final Duration SLACK = Duration.ofSeconds(1);

	/**
	 * Distances that are less apart than this are taken for one, since a run with a fault
	 * takes longer.
	 */
	private static final Duration APART = Duration.ofSeconds(5);

	/**
	 * What is as near as this is of the run.
	 */
	private static final Duration NEAR = Duration.ofMinutes(15);

	static Span of(Instant at, Instant since, Instant until) {
		return new Span(at, since, until, Unit.of(at));
	}

	/**
	 * Return whether two runs may have computed this in the same way. A whole minute may
	 * be a truncated one, or one by chance: the finer of the two tells.
	 */
	boolean matches(Span other) {
		return matches(other, SLACK);
	}

	/**
	 * Return whether no run with a fault could tell the two distances apart.
	 */
	boolean isOneWith(Span other) {
		return matches(other, APART);
	}

	private boolean matches(Span other, Duration slack) {
		Unit finer = (this.unit.compareTo(other.unit) < 0) ? this.unit : other.unit;
		return switch (finer) {
			case FRACTION, SECOND -> overlaps(other, slack.plus(finer.size()))
					&& Stream.of(this, other).allMatch((span) -> span.unit.isFine() || span.movesBySeconds());
			default -> zones().anyMatch((zone) -> isSteps(other, finer, zone));
		};
	}

	private boolean overlaps(Span other, Duration slack) {
		return Math.max(low(), other.low()) <= Math.min(high(), other.high()) + slack.toMillis();
	}

	/**
	 * Return whether the two are as many whole units away, each from the beginning of the
	 * one in which its run was: what is truncated moves when a unit is over, and only
	 * then.
	 */
	private boolean isSteps(Span other, Unit unit, ZoneId zone) {
		long least = least(unit, zone);
		long others = other.least(unit, zone);
		return Math.floorMod(least - others, unit.size().toMillis()) == 0
				&& Math.max(least, others) <= Math.min(most(unit, zone), other.most(unit, zone));
	}

	private long least(Unit unit, ZoneId zone) {
		return Duration.between(unit.truncate(this.until.plus(SLACK), zone), this.at).toMillis();
	}

	private long most(Unit unit, ZoneId zone) {
		return Duration.between(unit.truncate(this.since.minus(SLACK), zone), this.at).toMillis();
	}

	/**
	 * Return whether another run may have another point in time although two had the same
	 * one.
	 */
	boolean mayMove() {
		return this.unit != Unit.FRACTION && mayDiffer();
	}

	/**
	 * Return whether each run may have another one: what is not truncated to minutes is
	 * near, or whole minutes away.
	 */
	boolean mayDiffer() {
		return !this.unit.isFine() || movesBySeconds();
	}

	boolean movesBySeconds() {
		long minute = Unit.MINUTE.size().toMillis();
		long latest = high() + Unit.SECOND.size().toMillis() + SLACK.toMillis();
		return Math.abs(low()) <= NEAR.toMillis() || Math.floorDiv(latest, minute) * minute >= low() - SLACK.toMillis();
	}

	/**
	 * Return the distance if it was computed at the end, in milliseconds.
	 */
	long low() {
		return Duration.between(this.until, this.at).toMillis();
	}

	private long high() {
		return Duration.between(this.since, this.at).toMillis();
	}

	/**
	 * Return how different two distances are at least: in a run with a fault, what was
	 * written is of its beginning or of its end.
	 */
	long distanceTo(Span other) {
		return Math.min(Math.abs(low() - other.low()), Math.abs(high() - other.high()));
	}

	private static Stream<ZoneId> zones() {
		return Stream.of(ZoneOffset.UTC, ZoneId.systemDefault()).distinct();
	}

	/**
	 * What points in time are truncated to, the finest first.
	 */
	enum Unit {

		/** Not truncated. */
		FRACTION(ChronoUnit.MILLIS),

		/** Whole seconds. */
		SECOND(ChronoUnit.SECONDS),

		/** Whole minutes. */
		MINUTE(ChronoUnit.MINUTES),

		/** Whole hours. */
		HOUR(ChronoUnit.HOURS),

		/** Midnight. */
		DAY(ChronoUnit.DAYS);

		private final ChronoUnit unit;

		Unit(ChronoUnit unit) {
			this.unit = unit;
		}

		private static Unit of(Instant at) {
			return Stream.of(DAY, HOUR, MINUTE, SECOND)
				.filter((unit) -> zones().anyMatch((zone) -> unit.truncate(at, zone).equals(at)))
				.findFirst()
				.orElse(FRACTION);
		}

		private boolean isFine() {
			return compareTo(MINUTE) < 0;
		}

		private Instant truncate(Instant instant, ZoneId zone) {
			return instant.atZone(zone).truncatedTo(this.unit).toInstant();
		}

		private Duration size() {
			return this.unit.getDuration();
		}

	}

}
