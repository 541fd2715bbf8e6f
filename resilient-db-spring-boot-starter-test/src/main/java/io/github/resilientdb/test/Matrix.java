package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What came of the runs of one scenario: round trips by kinds of faults.
 */
final class Matrix {

	private final String name;

	private final Map<Integer, Row> rows = new TreeMap<>();

	Matrix(String name) {
		this.name = name;
	}

	void add(Finding finding, boolean accepted) {
		this.rows.computeIfAbsent(finding.at().number(), (number) -> new Row(finding.at()))
			.cells()
			.put(finding.kind(), new Cell(finding.verdict(), accepted));
	}

	String name() {
		return this.name;
	}

	List<Row> rows() {
		return new ArrayList<>(this.rows.values());
	}

	long count() {
		return this.rows.values().stream().mapToLong((row) -> row.cells().size()).sum();
	}

	long count(boolean accepted) {
		return this.rows.values()
			.stream()
			.flatMap((row) -> row.cells().values().stream())
			.filter((cell) -> cell.accepted() == accepted)
			.count();
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
	 * What came of one run.
	 */
	record Cell(Verdict verdict, boolean accepted) {

	}

}
