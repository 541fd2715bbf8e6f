package io.github.resilientdb.test;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which tables and columns are compared: all but bookkeeping, unless the test names some.
 */
final class ComparedTables {

	private static final Set<String> BOOKKEEPING = Set.of("resilientdb_commit_marker", "resilientdb_transaction",
			"flyway_schema_history", "databasechangelog", "databasechangeloglock");

	private final Set<String> named = new TreeSet<>();

	private final Set<String> ignored = new TreeSet<>();

	void compare(String... tables) {
		add(this.named, tables);
	}

	void ignore(String... tablesOrColumns) {
		add(this.ignored, tablesOrColumns);
	}

	private static void add(Set<String> all, String... names) {
		Arrays.stream(names).map((name) -> name.toLowerCase(Locale.ROOT)).forEach(all::add);
	}

	boolean isCompared(String table) {
		String name = table.toLowerCase(Locale.ROOT);
		if (this.ignored.contains(name)) {
			return false;
		}
		return this.named.isEmpty() ? !BOOKKEEPING.contains(name.substring(name.indexOf('.') + 1))
				: this.named.contains(name);
	}

	boolean isIgnored(String column) {
		return this.ignored.contains(column.toLowerCase(Locale.ROOT));
	}

	/**
	 * Refuse to compare tables that are in no data source: nothing would ever differ.
	 */
	void requireExisting(Collection<String> tables) {
		List<String> existing = tables.stream().map((name) -> name.toLowerCase(Locale.ROOT)).toList();
		List<String> missing = this.named.stream().filter((name) -> !existing.contains(name)).toList();
		if (!missing.isEmpty()) {
			throw new IllegalStateException("There is no such table: %s. ".formatted(missing)
					+ "Names are qualified (schema.table) unless the schema is public");
		}
	}

}
