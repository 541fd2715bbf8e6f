package io.github.resilientdb.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * What a benchmark reports, and the limit that it is to keep.
 *
 * @param measure how the two operations are compared
 * @param limit the limit, {@code null} if the figure is only for information
 */
record Target(Measure measure, @Nullable Double limit) {

	static Target of(Measure measure, double limit) {
		return new Target(measure, limit);
	}

	static Target none(Measure measure) {
		return new Target(measure, null);
	}

	/**
	 * Tell whether an estimate keeps the limit.
	 * @param estimate the estimate
	 * @return "yes" or "no" if the whole interval says so, "unclear" otherwise
	 */
	String verdict(Estimate estimate) {
		if (this.limit == null) {
			return "";
		}
		boolean low = this.measure.meets(estimate.low(), this.limit);
		boolean high = this.measure.meets(estimate.high(), this.limit);
		if (low == high) {
			return low ? "yes" : "**no**";
		}
		return this.measure.meets(estimate.median(), this.limit) ? "unclear (median: yes)" : "unclear (median: no)";
	}

	String text() {
		return (this.limit != null) ? this.measure.formatLimit(this.limit) : "";
	}

}
