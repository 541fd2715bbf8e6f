package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat.Unit;

/**
 * Values as one writes them in a configuration file.
 */
final class WrittenValues {

	private static final Unit[] UNITS = { Unit.DAYS, Unit.HOURS, Unit.MINUTES, Unit.SECONDS, Unit.MILLIS, Unit.MICROS };

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
		if (value.isZero()) {
			return "0s";
		}
		for (Unit unit : UNITS) {
			Duration one = unit.asChronoUnit().getDuration();
			if (isWhole(value, one)) {
				return value.dividedBy(one) + unit.asSuffix();
			}
		}
		return value.toNanos() + "ns";
	}

	private static boolean isWhole(Duration value, Duration unit) {
		return unit.multipliedBy(value.dividedBy(unit)).equals(value);
	}

	static String ofMillis(long millis) {
		return of(Duration.ofMillis(millis));
	}

}
