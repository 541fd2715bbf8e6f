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
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads points in time by their distance from the run that left them: one that differs
 * from run to run is as far away in each.
 *
 * @param since when the run began
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
	 * to minutes is a little off.
	 */
	private static final Duration MARGIN = Duration.ofMinutes(7);

	/**
	 * Other numbers than those of points in time as near as this are just numbers.
	 */
	private static final Duration HORIZON = Duration.ofDays(400);

	private static final long DAY = Duration.ofDays(1).toMillis();

	private static final Pattern DATED = Pattern.compile(PATTERN);

	private static final Pattern PARTS = Pattern
		.compile("(?:(\\d{4}-\\d\\d-\\d\\d)[T ])?(\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?)"
				+ "(Z|[+-]\\d\\d(?::?\\d\\d)?)?(?:\\[[\\w/]+\\])?");

	private static final Pattern EPOCH = Pattern.compile("\\d{10}|\\d{13}|\\d{16}|1\\d{18}");

	/**
	 * Return whether a text, or a number since 1970, is a point in time of the run.
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
	 * @param precision what is compared of it
	 * @param times which ones there are without a fault
	 */
	String label(String text, Precision precision, Times times) {
		if (precision == Precision.SHAPE && !EPOCH.matcher(text).matches()) {
			return "<time>";
		}
		if (precision == Precision.SHAPE || times.equals(Times.NONE)) {
			return isOwn(text) ? "<now>" : text;
		}
		return span(text).map((span) -> times.label(text, span)).orElse(text);
	}

	/**
	 * Return whether two runs mean the same point in time: the same one, or one at the
	 * same distance.
	 */
	static boolean same(String expected, Moments expectedRun, String observed, Moments observedRun) {
		return expected.equals(observed) || expectedRun.span(expected)
			.filter(Span::mayDiffer)
			.flatMap((one) -> observedRun.span(observed).filter(Span::mayDiffer).map(one::matches))
			.orElse(false);
	}

	/**
	 * Return how far a point in time is away. Whichever zone it is of, in all runs it is
	 * the same.
	 */
	Optional<Span> span(String text) {
		boolean number = EPOCH.matcher(text).matches();
		return instants(text).findFirst()
			.map((instant) -> Span.of(isDated(text) ? instant : near(instant), this.since, this.until))
			.filter((span) -> !number || (isNear(span.at()) && span.movesBySeconds()));
	}

	/**
	 * Return whether a text is a point in time that two runs may share although it is as
	 * far away from both.
	 */
	boolean mayMove(String text) {
		return span(text).filter((span) -> isNear(span.at()) && span.mayMove()).isPresent();
	}

	private boolean isNear(Instant instant) {
		return Duration.between(this.since, instant).abs().compareTo(HORIZON) < 0;
	}

	/**
	 * Return the day's time that is nearest to the run's end.
	 */
	private Instant near(Instant instant) {
		long away = Duration.between(this.until, instant).toMillis();
		return instant.minusMillis(away - (Math.floorMod(away + DAY / 2, DAY) - DAY / 2));
	}

	private static boolean isDated(String text) {
		return text.indexOf(':') < 0 || DATED.matcher(text).matches();
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
			case 16 -> Instant.EPOCH.plus(number, ChronoUnit.MICROS);
			default -> Instant.EPOCH.plusNanos(number);
		};
	}

	/**
	 * What is compared of a point in time.
	 */
	enum Precision {

		/** Itself, or how far away it is. */
		EXACT,

		/** Whether it is there. */
		SHAPE

	}

}
