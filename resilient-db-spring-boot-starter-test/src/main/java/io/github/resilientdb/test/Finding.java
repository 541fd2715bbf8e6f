package io.github.resilientdb.test;

import java.util.List;

/**
 * What came of one run with a fault.
 *
 * @param at where the fault was
 * @param kind what it was
 * @param verdict what came of it
 * @param explanation what differs, empty if nothing does
 * @param trace the round trips of the run
 * @param attempts how often the method began
 */
record Finding(RoundTrip at, FaultKind kind, Verdict verdict, String explanation, List<RoundTrip> trace, int attempts) {

	Finding {
		trace = List.copyOf(trace);
	}

	/**
	 * Return the finding of a run that also left something behind.
	 */
	Finding leaving(String left) {
		boolean fine = this.verdict == Verdict.SAME || this.verdict == Verdict.FAILED_UNCHANGED
				|| this.verdict == Verdict.UNKNOWN;
		return left.isEmpty() ? this : new Finding(this.at, this.kind, fine ? Verdict.DIFFERENT : this.verdict,
				this.explanation + left, this.trace, this.attempts);
	}

	String name() {
		return this.kind.describe(this.at);
	}

	/**
	 * Return the text of a failed test.
	 */
	String message() {
		StringBuilder text = new StringBuilder();
		text.append(this.verdict).append(" (").append(name()).append(")\n\n").append(this.explanation);
		text.append("\nRound trips, in %d attempt%s:%n".formatted(this.attempts, (this.attempts == 1) ? "" : "s"));
		for (RoundTrip roundTrip : this.trace) {
			text.append((roundTrip.number() == this.at.number()) ? " >" : "  ")
				.append(roundTrip.number())
				.append("  ")
				.append(roundTrip.summary())
				.append('\n');
		}
		String advice = Advice.on(this);
		return advice.isEmpty() ? text.toString() : text.append("\nWhat to change: ").append(advice).toString();
	}

}
