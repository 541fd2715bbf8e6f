package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.Locale;

/**
 * Values as one writes them in a configuration file.
 */
final class WrittenValues {

	private WrittenValues() {
	}

	static String of(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static String of(Duration value) {
		long millis = value.toMillis();
		if (millis % 1000 != 0) {
			return millis + "ms";
		}
		long seconds = millis / 1000;
		return (seconds > 0 && seconds % 60 == 0) ? seconds / 60 + "m" : seconds + "s";
	}

	static String ofMillis(long millis) {
		return of(Duration.ofMillis(millis));
	}

}
