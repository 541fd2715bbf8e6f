package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

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

	// In the largest unit that leaves no fraction. Duration divides by way of BigDecimal
	static String of(Duration value) {
		if (value.getNano() == 0) {
			return ofSeconds(value.getSeconds());
		}
		if (value.getNano() % 1_000_000 == 0) {
			return value.toMillis() + "ms";
		}
		return (value.getNano() % 1_000 == 0) ? value.toNanos() / 1_000 + "us" : value.toNanos() + "ns";
	}

	private static String ofSeconds(long seconds) {
		if (seconds == 0 || seconds % 60 != 0) {
			return seconds + "s";
		}
		if (seconds % 3_600 != 0) {
			return seconds / 60 + "m";
		}
		return (seconds % 86_400 != 0) ? seconds / 3_600 + "h" : seconds / 86_400 + "d";
	}

	static String ofMillis(long millis) {
		return of(Duration.ofMillis(millis));
	}

}
