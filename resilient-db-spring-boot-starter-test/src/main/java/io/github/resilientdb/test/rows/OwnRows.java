package io.github.resilientdb.test.rows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import org.jspecify.annotations.Nullable;

/**
 * What rows say by themselves and by the rows that they refer to, but not by those that
 * refer to them: a row of which only this is the same is not the one that went wrong.
 */
final class OwnRows {

	private static final int DEPTH = 4;

	private final Rules rules;

	private final CanonicalRows canonical;

	/**
	 * The rows by their generated keys.
	 */
	private final Map<List<String>, Owner> owners = new HashMap<>();

	OwnRows(Rules rules, CanonicalRows canonical) {
		this.rules = rules;
		this.canonical = canonical;
		for (Table table : rules.schema().tables()) {
			canonical.of(table).values().forEach((rows) -> rows.forEach((row) -> add(table, row)));
		}
	}

	private void add(Table table, List<@Nullable String> row) {
		for (int i = 0; i < row.size(); i++) {
			String value = row.get(i);
			if (value != null && isOwnKey(table.columns().get(i))) {
				this.owners.put(List.of(this.rules.rule(table.columns().get(i)).origin(), value),
						new Owner(table, row));
			}
		}
	}

	private boolean isOwnKey(Column column) {
		ColumnRule rule = this.rules.rule(column);
		return rule.kind() == ColumnRule.Kind.KEY && rule.origin().equals(column.id())
				&& (column.key() || column.generated());
	}

	String of(Table table, List<@Nullable String> row) {
		return of(table, row, 0);
	}

	private String of(Table table, List<@Nullable String> row, int depth) {
		List<String> values = new ArrayList<>();
		for (int i = 0; i < row.size(); i++) {
			Column column = table.columns().get(i);
			boolean own = isOwnKey(column);
			values.add(this.canonical.value(column, row.get(i), (origin, key) -> name(origin, key, own, depth)));
		}
		return values.toString();
	}

	private String name(String origin, String key, boolean own, int depth) {
		String name = this.canonical.name(origin, key);
		Owner owner = this.owners.get(List.of(origin, key));
		if (name.isEmpty() || name.startsWith("=") || (owner == null && !own)) {
			return name;
		}
		return (own || owner == null || depth == DEPTH) ? "key" : of(owner.table(), owner.row(), depth + 1);
	}

	private record Owner(Table table, List<@Nullable String> row) {

	}

}
