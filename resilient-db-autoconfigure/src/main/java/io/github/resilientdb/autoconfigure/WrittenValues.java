package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat.Unit;

/**
 * Values as one writes them in a configuration file.
 */
final class WrittenValues {

	private WrittenValues() {
	}

	static @Nullable Object of(@Nullable Object value) {
		return (value instanceof Duration duration) ? of(duration) : value;
	}

	static String of(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	// In the largest unit that leaves no fraction
	static String of(Duration value) {
		return value.isZero() ? "0s"
				: Stream.of(Unit.DAYS, Unit.HOURS, Unit.MINUTES, Unit.SECONDS, Unit.MILLIS, Unit.MICROS)
					.filter((unit) -> isWhole(value, Duration.of(1, unit.asChronoUnit())))
					.map((unit) -> value.dividedBy(Duration.of(1, unit.asChronoUnit())) + unit.asSuffix())
					.findFirst()
					.orElseGet(() -> value.toNanos() + "ns");
	}

	private static boolean isWhole(Duration value, Duration unit) {
		return unit.multipliedBy(value.dividedBy(unit)).equals(value);
	}

	static String ofMillis(long millis) {
		return of(Duration.ofMillis(millis));
	}

}
