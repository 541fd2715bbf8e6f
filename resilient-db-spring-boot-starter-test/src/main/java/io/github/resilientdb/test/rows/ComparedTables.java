package io.github.resilientdb.test.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;

/**
 * Which tables and columns are compared: all but bookkeeping, unless the test names some.
 */
public final class ComparedTables {

	private static final Set<String> BOOKKEEPING = Set.of("resilientdb_commit_marker", "resilientdb_transaction",
			"flyway_schema_history", "databasechangelog", "databasechangeloglock");

	private static final String PUBLIC = "public.";

	private static final int SHOWN = 30;

	private final Set<String> named = new TreeSet<>();

	private final Set<String> ignored = new TreeSet<>();

	public void compare(String... tables) {
		add(this.named, tables);
	}

	public void ignore(String... tablesOrColumns) {
		add(this.ignored, tablesOrColumns);
	}

	private static void add(Set<String> all, String... names) {
		Arrays.stream(names)
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.map((name) -> name.startsWith(PUBLIC) ? name.substring(PUBLIC.length()) : name)
			.forEach(all::add);
	}

	/**
	 * Return which tables of one data source are compared. Names may begin with that of a
	 * data source, unless a schema or a table is called the same.
	 * @param source the name of the data source
	 * @param tables the tables of all data sources
	 */
	public ComparedTables in(String source, Map<String, List<Table>> tables) {
		ComparedTables own = new ComparedTables();
		own.named.addAll(this.named);
		own.ignored.addAll(this.ignored);
		if (mayQualify(source, tables)) {
			own.compare(namesIn(source, this.named));
			own.requireNoContradiction(); // to ignore a table of one data source alone is
											// none
			own.ignore(namesIn(source, this.ignored));
		}
		return own;
	}

	private static boolean mayQualify(String source, Map<String, List<Table>> tables) {
		String name = source.toLowerCase(Locale.ROOT);
		return tables.values()
			.stream()
			.flatMap(List::stream)
			.map((table) -> table.name().toLowerCase(Locale.ROOT))
			.noneMatch((table) -> table.equals(name) || table.startsWith(name + "."));
	}

	private static String[] namesIn(String source, Set<String> names) {
		String prefix = source.toLowerCase(Locale.ROOT) + ".";
		return names.stream()
			.filter((name) -> name.startsWith(prefix))
			.map((name) -> name.substring(prefix.length()))
			.toArray(String[]::new);
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
	 * Refuse names of nothing: a table that is not there never differs, and a column that
	 * is not there is compared although the test says otherwise.
	 * @param tables the tables of all data sources
	 */
	public void requireExisting(Map<String, List<Table>> tables) {
		Map<String, List<String>> columns = new TreeMap<>();
		tables.forEach((source, own) -> {
			boolean qualifies = mayQualify(source, tables);
			for (Table table : own) {
				String name = table.name().toLowerCase(Locale.ROOT);
				List<String> names = table.columns().stream().map(Column::name).toList();
				columns.computeIfAbsent(name, (none) -> new ArrayList<>()).addAll(names);
				if (qualifies && tables.size() > 1) {
					columns.put(source.toLowerCase(Locale.ROOT) + "." + name, names);
				}
			}
		});
		this.named.forEach((name) -> requireTable("comparing", name, columns));
		requireNoContradiction();
		for (String name : this.ignored) {
			List<String> own = columns.get(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
			if (own == null) {
				requireTable("ignoring", name, columns);
			}
			else if (!columns.containsKey(name)
					&& own.stream().noneMatch((column) -> name.endsWith("." + column.toLowerCase(Locale.ROOT)))) {
				throw new IllegalStateException("ignoring(\"%s\"): there is no such column. The table has these: %s"
					.formatted(name, list(own)));
			}
		}
	}

	private void requireNoContradiction() {
		for (String name : this.named) {
			if (this.ignored.contains(name)) {
				throw new IllegalStateException(
						"Table %s is both in comparing(...) and in ignoring(...): take it out of one of them"
							.formatted(name));
			}
		}
	}

	private static void requireTable(String method, String name, Map<String, List<String>> columns) {
		if (!columns.containsKey(name)) {
			throw new IllegalStateException(
					("%s(\"%s\"): there is no such table before the method is called. Names are "
							+ "qualified (schema.table) unless the schema is public, and may begin with that of one of "
							+ "several data sources; of columns, table.column. There are: %s")
						.formatted(method, name, list(columns.keySet())));
		}
	}

	private static String list(Collection<String> names) {
		return names.stream().limit(SHOWN).collect(Collectors.joining(", "))
				+ ((names.size() > SHOWN) ? " and %d more".formatted(names.size() - SHOWN) : "");
	}

}
