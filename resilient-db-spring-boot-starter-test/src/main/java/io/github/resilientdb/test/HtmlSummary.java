package io.github.resilientdb.test;

import java.util.Collection;

/**
 * A summary as one page that needs nothing else.
 */
final class HtmlSummary {

	private static final String HEAD = """
			<!DOCTYPE html>
			<html lang="en">
			<head>
			<meta charset="utf-8">
			<meta name="viewport" content="width=device-width, initial-scale=1">
			<title>%1$s</title>
			<style>
			body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
			  background: #ffffff; color: #1a1b1f; }
			table { border-collapse: collapse; width: 100%%; }
			th, td { border: 1px solid #ccc; padding: .25rem .5rem; text-align: center; }
			th:first-child, td:first-child { text-align: left; font: 13px ui-monospace, monospace;
			  overflow-wrap: anywhere; }
			.same { background: #d8f0dc; } .accepted { background: #fdf3cf; }
			.failed { background: #f8d0d0; font-weight: bold; } .none { color: #666666; }
			:root { color-scheme: light dark; }
			@media (prefers-color-scheme: dark) {
			  body { background: #15161a; color: #eceef2; } th, td { border-color: #454853; }
			  .same { background: #17402c; } .accepted { background: #4a3f12; } .failed { background: #5a1f1f; }
			  .none { color: #9a9ca5; }
			}
			</style>
			</head>
			<body>
			<h1>%1$s</h1>
			<p>Each row is a round trip of the method to the database, each column a fault that was placed there. Green:
			as without the fault. Yellow: another outcome that the test allows. Red: not as it should be. A dash: there is no
			such fault at this statement. Not run: left out of the scenario, or of this run of it.</p>
			""";

	private HtmlSummary() {
	}

	static String of(String title, Collection<String> notLookedAt, Collection<Matrix> matrices) {
		StringBuilder page = new StringBuilder(HEAD.formatted(escape(title)));
		notLookedAt.forEach((line) -> page.append("<p class=\"accepted\">%s</p>%n".formatted(escape(line))));
		matrices.forEach((matrix) -> append(page, matrix));
		return page.append("</body>\n</html>\n").toString();
	}

	private static void append(StringBuilder page, Matrix matrix) {
		page.append("<h2>%s</h2>%n<p%s>%s</p>%n".formatted(escape(matrix.name()),
				matrix.isFine() ? "" : " class=\"failed\"", escape(matrix.result())));
		if (matrix.rows().isEmpty()) {
			return;
		}
		page.append("<table>\n<tr><th>statement</th>");
		for (FaultKind kind : FaultKind.values()) {
			page.append("<th>").append(kind.label()).append("</th>");
		}
		page.append("</tr>\n");
		for (Matrix.Row row : matrix.rows()) {
			page.append("<tr><td>%d %s</td>".formatted(row.roundTrip().number(), escape(row.roundTrip().summary())));
			for (FaultKind kind : FaultKind.values()) {
				append(page, row, kind);
			}
			page.append("</tr>\n");
		}
		page.append("</table>\n");
	}

	private static void append(StringBuilder page, Matrix.Row row, FaultKind kind) {
		Matrix.Cell cell = row.cell(kind);
		if (cell == null) {
			page.append("<td class=\"none\">%s</td>".formatted(kind.appliesTo(row.roundTrip()) ? "not run" : "–"));
			return;
		}
		String style = !cell.accepted() ? "failed" : ((cell.verdict() == Verdict.SAME) ? "same" : "accepted");
		page.append("<td class=\"%s\">%s</td>".formatted(style,
				(cell.verdict() == Verdict.SAME) ? "✓" : escape(cell.verdict().toString())));
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
	}

}
