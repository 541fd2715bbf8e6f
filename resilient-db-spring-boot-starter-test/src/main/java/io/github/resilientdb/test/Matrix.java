package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What came of the runs of one scenario: round trips by kinds of faults. Safe to use from
 * several threads.
 */
final class Matrix {

	private final String name;

	private final Map<Integer, Row> rows = new TreeMap<>();

	private long runs;

	private long acceptedRuns;

	private String refusal = "";

	Matrix(String name) {
		this.name = name;
	}

	synchronized void add(Finding finding, boolean accepted) {
		this.runs++;
		this.acceptedRuns += accepted ? 1 : 0;
		this.rows.computeIfAbsent(finding.at().number(), (number) -> new Row(finding.at()))
			.cells()
			.merge(finding.kind(), new Cell(finding.verdict(), accepted), Cell::orWorse);
	}

	/**
	 * Say why there are no runs.
	 */
	synchronized void refuse(Throwable reason) {
		this.refusal = ": " + String.valueOf((reason.getMessage() != null) ? reason.getMessage() : reason)
			.lines()
			.findFirst()
			.orElse("");
	}

	String name() {
		return this.name;
	}

	synchronized List<Row> rows() {
		return new ArrayList<>(this.rows.values());
	}

	/**
	 * Return whether all is as it should be, as far as anything was run.
	 */
	synchronized boolean isFine() {
		return this.runs > 0 && this.acceptedRuns == this.runs;
	}

	/**
	 * Return how many runs were as they should be, or why there were none.
	 */
	synchronized String result() {
		return (this.runs > 0) ? "%d of %d runs as they should be".formatted(this.acceptedRuns, this.runs)
				: "not run" + this.refusal;
	}

	/**
	 * A round trip, and what came of faults there.
	 */
	record Row(RoundTrip roundTrip, Map<FaultKind, Cell> cells) {

		Row(RoundTrip roundTrip) {
			this(roundTrip, new EnumMap<>(FaultKind.class));
		}

		@Nullable Cell cell(FaultKind kind) {
			return this.cells.get(kind);
		}

	}

	/**
	 * What came of one run, or the worst of what came of several.
	 */
	record Cell(Verdict verdict, boolean accepted) {

		Cell orWorse(Cell other) {
			boolean worse = (other.accepted != this.accepted) ? this.accepted : this.verdict == Verdict.SAME;
			return worse ? other : this;
		}

	}

}
