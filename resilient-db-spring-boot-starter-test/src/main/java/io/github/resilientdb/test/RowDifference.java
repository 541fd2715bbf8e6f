package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.resilientdb.test.Schema.Table;
import org.jspecify.annotations.Nullable;

/**
 * Which rows two runs don't share.
 */
final class RowDifference {

	private final List<String> lines = new ArrayList<>();

	private int missing;

	private int copies;

	private int unexpected;

	private RowDifference() {
	}

	static RowDifference between(Rules rules, Snapshot expected, Snapshot observed) {
		return between(rules, new CanonicalRows(rules, expected), new CanonicalRows(rules, observed));
	}

	static RowDifference between(Rules rules, CanonicalRows expected, CanonicalRows observed) {
		RowDifference difference = new RowDifference();
		rules.schema().tables().forEach((table) -> difference.compare(rules, table, expected, observed));
		return difference;
	}

	private void compare(Rules rules, Table table, CanonicalRows expected, CanonicalRows observed) {
		Map<String, List<List<@Nullable String>>> before = expected.of(table);
		Map<String, List<List<@Nullable String>>> after = observed.of(table);
		if (before.keySet().equals(after.keySet()) && before.entrySet()
			.stream()
			.allMatch((entry) -> entry.getValue().size() == after.getOrDefault(entry.getKey(), List.of()).size())) {
			return;
		}
		List<String> gone = new ArrayList<>();
		List<String> come = new ArrayList<>();
		Set<String> known = new TreeSet<>();
		before.values().forEach((rows) -> rows.forEach((row) -> known.add(content(rules, table, row))));
		Set<String> labels = new TreeSet<>(before.keySet());
		labels.addAll(after.keySet());
		for (String label : labels) {
			List<List<@Nullable String>> left = before.getOrDefault(label, List.of());
			List<List<@Nullable String>> right = after.getOrDefault(label, List.of());
			left.stream().skip(right.size()).forEach((row) -> gone.add(write(table, row)));
			right.stream().skip(left.size()).forEach((row) -> {
				come.add(write(table, row));
				this.copies += known.contains(content(rules, table, row)) ? 1 : 0;
			});
		}
		this.missing += gone.size();
		this.unexpected += come.size();
		Collections.sort(gone);
		Collections.sort(come);
		this.lines.add(table.name());
		gone.forEach((row) -> this.lines.add("  - " + row));
		come.forEach((row) -> this.lines.add("  + " + row));
	}

	/**
	 * Return a row without its keys.
	 */
	private static String content(Rules rules, Table table, List<@Nullable String> row) {
		StringBuilder content = new StringBuilder();
		for (int i = 0; i < row.size(); i++) {
			if (rules.rule(table.columns().get(i)).kind() == ColumnRule.Kind.EXACT) {
				content.append('|').append(row.get(i));
			}
		}
		return content.toString();
	}

	private static String write(Table table, List<@Nullable String> row) {
		List<String> values = new ArrayList<>();
		for (int i = 0; i < row.size(); i++) {
			values.add(table.columns().get(i).name() + "=" + row.get(i));
		}
		return String.join(", ", values);
	}

	boolean isEmpty() {
		return this.lines.isEmpty();
	}

	/**
	 * Return whether all that is different is that rows are there more often.
	 */
	boolean isDuplication() {
		return !isEmpty() && this.missing == 0 && this.copies == this.unexpected;
	}

	/**
	 * Return the rows by table: those missing with a minus, those unexpected with a plus.
	 */
	@Override
	public String toString() {
		return this.lines.isEmpty() ? "" : String.join("\n", this.lines) + "\n";
	}

}
