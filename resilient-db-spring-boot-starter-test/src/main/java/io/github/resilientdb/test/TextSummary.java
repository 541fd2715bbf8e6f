package io.github.resilientdb.test;

import java.util.Collection;

/**
 * A summary for the console.
 */
final class TextSummary {

	private static final String LEGEND = """
			ok: as without the fault, (ok): another outcome that the test allows, -: there is no such fault at this
			statement, not run: left out of the scenario, or of this run of it
			""";

	private static final int STATEMENT = 46;

	private TextSummary() {
	}

	static String of(String title, Collection<String> notLookedAt, Collection<Matrix> matrices) {
		StringBuilder text = new StringBuilder(title).append('\n').append(LEGEND);
		notLookedAt.forEach((line) -> text.append(line).append('\n'));
		matrices.forEach((matrix) -> append(text, matrix));
		return text.toString();
	}

	private static void append(StringBuilder text, Matrix matrix) {
		text.append("\n%s: %s%n".formatted(matrix.name(), matrix.result()));
		if (matrix.rows().isEmpty()) {
			return;
		}
		text.append("  %-46s".formatted(""));
		for (FaultKind kind : FaultKind.values()) {
			text.append(" %8s".formatted(kind.label()));
		}
		text.append('\n');
		for (Matrix.Row row : matrix.rows()) {
			text.append("  %-46s".formatted(cut(row.roundTrip().number() + " " + row.roundTrip().summary())));
			for (FaultKind kind : FaultKind.values()) {
				text.append(" %8s".formatted(mark(row, kind)));
			}
			text.append('\n');
		}
	}

	private static String cut(String text) {
		return (text.length() > STATEMENT) ? text.substring(0, STATEMENT - 2) + " …" : text;
	}

	private static String mark(Matrix.Row row, FaultKind kind) {
		Matrix.Cell cell = row.cell(kind);
		if (cell == null) {
			return kind.appliesTo(row.roundTrip()) ? "not run" : "-";
		}
		return !cell.accepted() ? "FAILED" : ((cell.verdict() == Verdict.SAME) ? "ok" : "(ok)");
	}

}
