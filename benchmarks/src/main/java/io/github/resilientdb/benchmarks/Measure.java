package io.github.resilientdb.benchmarks;

/**
 * How a metric of the two operations of a pair is compared.
 */
enum Measure {

	EXTRA_TIME(Metric.TIME, "extra time", false),

	EXTRA_BYTES(Metric.BYTES, "extra allocation", false),

	EXTRA_MESSAGES(Metric.MESSAGES, "extra messages", false),

	EXTRA_STARTUP(Metric.STARTUP, "extra processor time", false),

	THROUGHPUT(Metric.TIME, "throughput", true),

	LATENCY(Metric.TIME, "latency", false);

	private final Metric metric;

	private final String title;

	private final boolean moreIsBetter;

	Measure(Metric metric, String title, boolean moreIsBetter) {
		this.metric = metric;
		this.title = title;
		this.moreIsBetter = moreIsBetter;
	}

	Metric metric() {
		return this.metric;
	}

	String title() {
		return this.title;
	}

	double compare(Sample sample) {
		return switch (this) {
			case EXTRA_TIME, EXTRA_BYTES, EXTRA_MESSAGES, EXTRA_STARTUP -> sample.ours() - sample.plain();
			case THROUGHPUT -> sample.plain() / sample.ours();
			case LATENCY -> sample.ours() / sample.plain();
		};
	}

	boolean meets(double value, double limit) {
		return this.moreIsBetter ? value >= limit : value <= limit;
	}

	String formatLimit(double limit) {
		return (this.moreIsBetter ? "≥ " : "≤ ") + format(limit);
	}

	String format(double value) {
		return switch (this) {
			case EXTRA_TIME, EXTRA_BYTES, EXTRA_MESSAGES, EXTRA_STARTUP -> this.metric.format(value);
			case THROUGHPUT, LATENCY -> "%.3f ×".formatted(value);
		};
	}

}
