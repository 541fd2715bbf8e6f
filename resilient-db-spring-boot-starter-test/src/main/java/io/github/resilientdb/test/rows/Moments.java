package io.github.resilientdb.test.rows;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which points in time are of the runs of a scenario, and so differ from run to run. All
 * others mean something.
 *
 * @param since when the scenario began
 * @param until when the rows were read
 */
record Moments(Instant since, Instant until) {

	/**
	 * A point in time with its date, as databases and the JDK write it.
	 */
	static final String PATTERN = "\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?"
			+ "(?:Z|[+-]\\d\\d(?::?\\d\\d)?)?(?:\\[[\\w/]+\\])?";

	/**
	 * How far the clocks of the server and of this JVM may be apart; and what is rounded
	 * to minutes is a little off. Nobody adds a number of minutes that ends near a
	 * multiple of an hour less this.
	 */
	private static final Duration MARGIN = Duration.ofMinutes(7);

	private static final Pattern DATED = Pattern.compile(PATTERN);

	private static final Pattern PARTS = Pattern
		.compile("(?:(\\d{4}-\\d\\d-\\d\\d)[T ])?(\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?)"
				+ "(Z|[+-]\\d\\d(?::?\\d\\d)?)?(?:\\[[\\w/]+\\])?");

	private static final Pattern EPOCH = Pattern.compile("\\d{10}|\\d{13}|\\d{16}");

	/**
	 * Return whether a text, or a number since 1970, is a point in time of the scenario.
	 */
	boolean isOwn(String text) {
		return instants(text).anyMatch(this::isOwn);
	}

	private boolean isOwn(Instant instant) {
		return instant.isAfter(this.since.minus(MARGIN)) && instant.isBefore(this.until.plus(MARGIN));
	}

	/**
	 * Return whether a token of a text is a point in time, or could be one.
	 */
	static boolean isOne(String token) {
		return DATED.matcher(token).matches() || EPOCH.matcher(token).matches();
	}

	/**
	 * Return what stands for a point in time.
	 * @param precision what is left of it if it is not the scenario's own
	 */
	String label(String text, Precision precision) {
		if (precision == Precision.SHAPE && !EPOCH.matcher(text).matches()) {
			return "<time>";
		}
		if (isOwn(text)) {
			return "<now>";
		}
		return (precision != Precision.DISTANCE || !DATED.matcher(text).matches()) ? text
				: instants(text).findFirst()
					.map((instant) -> "<now %+d h>".formatted(
							Math.floorDiv(fromNow(instant).plus(MARGIN).toSeconds(), Duration.ofHours(1).toSeconds())))
					.orElse(text);
	}

	private Duration fromNow(Instant instant) {
		return Duration.between(this.until, instant);
	}

	/**
	 * Return whether two runs mean the same point in time: each its own, the same one, or
	 * one at the same distance.
	 */
	static boolean same(String expected, Moments expectedRun, String observed, Moments observedRun) {
		if (expected.equals(observed)) {
			return true;
		}
		if (expectedRun.isOwn(expected) || observedRun.isOwn(observed)) {
			return expectedRun.isOwn(expected) && observedRun.isOwn(observed);
		}
		return DATED.matcher(expected).matches() && DATED.matcher(observed).matches()
				&& expectedRun.instants(expected)
					.anyMatch((one) -> observedRun.instants(observed)
						.anyMatch((other) -> expectedRun.fromNow(one)
							.minus(observedRun.fromNow(other))
							.abs()
							.compareTo(MARGIN) < 0));
	}

	/**
	 * What has no offset may be of this JVM's zone, or UTC; what has no date is today's.
	 */
	private Stream<Instant> instants(String text) {
		if (EPOCH.matcher(text).matches()) {
			return Stream.of(sinceEpoch(Long.parseLong(text), text.length()));
		}
		Matcher parts = PARTS.matcher(text);
		if (!parts.matches()) {
			return Stream.empty();
		}
		List<ZoneId> zones = new ArrayList<>();
		try {
			if (parts.group(3) != null) {
				zones.add(ZoneOffset.of(parts.group(3)));
			}
			else {
				zones.add(ZoneOffset.UTC);
				zones.add(ZoneId.systemDefault());
			}
			LocalTime time = LocalTime.parse(parts.group(2));
			return zones.stream()
				.map((zone) -> LocalDateTime.of((parts.group(1) != null) ? LocalDate.parse(parts.group(1))
						: LocalDate.ofInstant(this.until, zone), time)
					.atZone(zone)
					.toInstant());
		}
		catch (DateTimeException ex) {
			return Stream.empty(); // such as 24:00
		}
	}

	private static Instant sinceEpoch(long number, int digits) {
		return switch (digits) {
			case 10 -> Instant.ofEpochSecond(number);
			case 13 -> Instant.ofEpochMilli(number);
			default -> Instant.EPOCH.plus(number, ChronoUnit.MICROS);
		};
	}

	/**
	 * What is compared of a point in time that is not the scenario's own.
	 */
	enum Precision {

		/** All of it. */
		EXACT,

		/** How many hours it is away. */
		DISTANCE,

		/** Whether it is there. */
		SHAPE

	}

}
