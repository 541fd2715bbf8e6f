package io.github.resilientdb.test.rows;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.github.resilientdb.test.rows.Moments.Precision;
import org.jspecify.annotations.Nullable;

/**
 * The tables that are compared, and which of their columns hold the same keys.
 *
 * @param tables the tables
 * @param references columns by the columns that their foreign keys refer to
 */
public record Schema(List<Table> tables, Map<String, String> references) {

	public Schema {
		tables = List.copyOf(tables);
		references = Map.copyOf(references);
	}

	/**
	 * Return the part that is compared.
	 */
	public Schema only(ComparedTables compared) {
		List<Table> part = this.tables.stream()
			.filter((table) -> compared.isCompared(table.name()))
			.map((table) -> new Table(table.name(),
					table.columns().stream().filter((column) -> !compared.isIgnored(column.id())).toList()))
			.filter((table) -> !table.columns().isEmpty())
			.toList();
		return new Schema(part, this.references);
	}

	/**
	 * Return the column that a column's keys come from, following foreign keys.
	 */
	String origin(String column) {
		Set<String> seen = new TreeSet<>();
		String current = column;
		while (seen.add(current)) {
			String next = this.references.get(current);
			if (next == null) {
				return current;
			}
			current = next;
		}
		return seen.iterator().next(); // tables that refer to each other in a circle
	}

	/**
	 * Return how each column is compared as far as its definition tells.
	 */
	public Rules rules() {
		Map<String, ColumnRule> rules = new HashMap<>();
		Set<String> generated = new TreeSet<>();
		for (Table table : this.tables) {
			for (Column column : table.columns()) {
				if (column.generated()) {
					generated.add(origin(column.id()));
				}
			}
		}
		for (Table table : this.tables) {
			for (Column column : table.columns()) {
				if (generated.contains(origin(column.id()))) {
					rules.put(column.id(), ColumnRule.key(origin(column.id())));
				}
				else if (column.isPointInTime()) {
					rules.put(column.id(), ColumnRule.time(Precision.EXACT));
				}
			}
		}
		return new Rules(this, rules, Set.of());
	}

	/**
	 * A table.
	 *
	 * @param name its name, qualified if it is not in the schema {@code public}
	 * @param columns its columns
	 */
	public record Table(String name, List<Column> columns) {

		public Table {
			columns = List.copyOf(columns);
		}

	}

	/**
	 * A column.
	 *
	 * @param table the name of its table
	 * @param name its name
	 * @param type its type as the server writes it
	 * @param key whether it is the primary key, or a part of it
	 * @param defaultValue the expression of its default, if any; {@code identity} for an
	 * identity column
	 */
	public record Column(String table, String name, String type, boolean key, @Nullable String defaultValue) {

		String id() {
			return this.table + "." + this.name;
		}

		boolean generated() {
			String value = this.defaultValue;
			return (value != null && value.matches("identity|.*(nextval|uuid).*")) || (this.key && isUuid());
		}

		boolean isUuid() {
			return "uuid".equals(this.type);
		}

		boolean isPointInTime() {
			return this.type.startsWith("time");
		}

	}

}
