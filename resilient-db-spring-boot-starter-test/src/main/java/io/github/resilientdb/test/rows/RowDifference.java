package io.github.resilientdb.test.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.resilientdb.test.rows.Schema.Table;
import org.jspecify.annotations.Nullable;

/**
 * Which rows two runs don't share.
 */
public final class RowDifference {

	private final List<Changes> changes = new ArrayList<>();

	private RowDifference() {
	}

	public static RowDifference between(Rules rules, Snapshot expected, Snapshot observed) {
		return between(rules, new CanonicalRows(rules, expected), new CanonicalRows(rules, observed));
	}

	static RowDifference between(Rules rules, CanonicalRows expected, CanonicalRows observed) {
		RowDifference difference = new RowDifference();
		rules.schema()
			.tables()
			.forEach((table) -> difference.add(Changes.between(rules, table, expected.of(table), observed.of(table))));
		if (!difference.isEmpty()) {
			difference.leaveOutEqualRows(new OwnRows(rules, expected), new OwnRows(rules, observed));
		}
		return difference;
	}

	private void add(Changes changed) {
		if (!changed.isEmpty()) {
			this.changes.add(changed);
		}
	}

	/**
	 * Rows of which only the rows that refer to them differ are shown if there are no
	 * others.
	 */
	private void leaveOutEqualRows(OwnRows expected, OwnRows observed) {
		List<Changes> fewer = this.changes.stream()
			.map((changed) -> changed.withoutEqualRows(expected, observed))
			.filter((changed) -> !changed.isEmpty())
			.toList();
		if (!fewer.isEmpty()) {
			this.changes.clear();
			this.changes.addAll(fewer);
		}
	}

	public boolean isEmpty() {
		return this.changes.isEmpty();
	}

	/**
	 * Return whether all that is different is that rows are there more often.
	 */
	public boolean isDuplication() {
		return !isEmpty() && this.changes.stream().allMatch(Changes::isDuplication);
	}

	/**
	 * Return the rows by table: those missing with a minus, those unexpected with a plus.
	 */
	@Override
	public String toString() {
		return this.changes.stream().map(Changes::toString).collect(Collectors.joining());
	}

	/**
	 * What is different in one table.
	 *
	 * @param table the table
	 * @param gone the rows that are missing
	 * @param come the rows that are unexpected
	 * @param same how many others there are
	 * @param known what the expected rows say without their keys
	 * @param rules how rows are compared
	 */
	private record Changes(Table table, List<List<@Nullable String>> gone, List<List<@Nullable String>> come, int same,
			Set<String> known, Rules rules) {

		static Changes between(Rules rules, Table table, Map<String, List<List<@Nullable String>>> before,
				Map<String, List<List<@Nullable String>>> after) {
			List<List<@Nullable String>> gone = new ArrayList<>();
			List<List<@Nullable String>> come = new ArrayList<>();
			int same = 0;
			Set<String> labels = new TreeSet<>(before.keySet());
			labels.addAll(after.keySet());
			for (String label : labels) {
				List<List<@Nullable String>> left = before.getOrDefault(label, List.of());
				List<List<@Nullable String>> right = after.getOrDefault(label, List.of());
				left.stream().skip(right.size()).forEach(gone::add);
				right.stream().skip(left.size()).forEach(come::add);
				same += Math.min(left.size(), right.size());
			}
			Set<String> known = new TreeSet<>();
			before.values().forEach((rows) -> rows.forEach((row) -> known.add(content(rules, table, row))));
			return new Changes(table, gone, come, same, known, rules);
		}

		Changes withoutEqualRows(OwnRows expected, OwnRows observed) {
			Map<String, List<List<@Nullable String>>> before = group(this.gone, expected);
			Map<String, List<List<@Nullable String>>> after = group(this.come, observed);
			Changes fewer = between(this.rules, this.table, before, after);
			return new Changes(this.table, fewer.gone, fewer.come, this.same + fewer.same, this.known, this.rules);
		}

		private Map<String, List<List<@Nullable String>>> group(List<List<@Nullable String>> rows, OwnRows own) {
			return rows.stream().collect(Collectors.groupingBy((row) -> own.of(this.table, row)));
		}

		boolean isEmpty() {
			return this.gone.isEmpty() && this.come.isEmpty();
		}

		boolean isDuplication() {
			return this.gone.isEmpty()
					&& this.come.stream().allMatch((row) -> this.known.contains(content(this.rules, this.table, row)));
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

		private String write(List<@Nullable String> row) {
			List<String> values = new ArrayList<>();
			for (int i = 0; i < row.size(); i++) {
				values.add(this.table.columns().get(i).name() + "=" + row.get(i));
			}
			return String.join(", ", values);
		}

		@Override
		public String toString() {
			StringBuilder text = new StringBuilder(this.table.name());
			if (this.same > 0) {
				text.append(" (and %d row%s as expected)".formatted(this.same, (this.same > 1) ? "s" : ""));
			}
			text.append('\n');
			this.gone.stream().map(this::write).sorted().forEach((row) -> text.append("  - ").append(row).append('\n'));
			this.come.stream().map(this::write).sorted().forEach((row) -> text.append("  + ").append(row).append('\n'));
			return text.toString();
		}

	}

}
