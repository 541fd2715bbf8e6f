package io.github.resilientdb.benchmarks;

import java.util.Locale;

/**
 * What is measured of an operation.
 */
enum Metric {

	/**
	 * Nanoseconds per operation.
	 */
	TIME {

		@Override
		String format(double value) {
			double micros = value / 1000;
			return (Math.abs(micros) < 1000) ? "%.2f µs".formatted(micros) : "%.2f ms".formatted(micros / 1000);
		}

	},

	/**
	 * Nanoseconds of processor time, of all threads, for running an operation once in a
	 * new JVM.
	 */
	STARTUP {

		@Override
		String format(double value) {
			return "%.0f ms".formatted(value / 1_000_000);
		}

	},

	/**
	 * Allocated bytes per operation.
	 */
	BYTES {

		@Override
		String format(double value) {
			return "%.0f B".formatted(value);
		}

	},

	/**
	 * Messages sent to the server per operation.
	 */
	MESSAGES {

		@Override
		String format(double value) {
			return "%.2f".formatted(value);
		}

	};

	abstract String format(double value);

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}
