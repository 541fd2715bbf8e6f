package io.github.resilientdb.test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

import io.github.resilientdb.test.Schema.Column;
import io.github.resilientdb.test.Schema.Table;
import org.jspecify.annotations.Nullable;

/**
 * Rows with each generated key replaced by what it stands for: the rows that hold it. Two
 * databases whose keys correspond one to one have the same canonical rows.
 * <p>
 * Keys get names in rounds, as in colour refinement: in each, a key's name is made of the
 * rows that hold it, and a row's of its values and its keys' names. Rows that nothing but
 * the numbers in their keys tells apart get the same name.
 */
final class CanonicalRows {

	private static final int ROUNDS = 6;

	private static final Pattern TOKENS = Pattern.compile(Text.TOKEN);

	private final Rules rules;

	private final Snapshot snapshot;

	/**
	 * Names by origin and value.
	 */
	private Map<String, Map<String, String>> names = Map.of();

	CanonicalRows(Rules rules, Snapshot snapshot) {
		this.rules = rules;
		this.snapshot = snapshot;
		this.names = names((table, row) -> "");
		for (int round = 0; round < ROUNDS && !this.names.isEmpty(); round++) {
			this.names = names(this::label);
		}
	}

	private Map<String, Map<String, String>> names(BiFunction<Table, List<@Nullable String>, String> labels) {
		Map<String, Map<String, List<String>>> holders = new HashMap<>();
		for (Table table : this.rules.schema().tables()) {
			for (List<@Nullable String> row : this.snapshot.rows(table)) {
				String label = null;
				for (int i = 0; i < row.size(); i++) {
					Column column = table.columns().get(i);
					ColumnRule rule = this.rules.rule(column);
					String value = row.get(i);
					if (rule.kind() == ColumnRule.Kind.KEY && value != null) {
						label = (label != null) ? label : labels.apply(table, row);
						holders.computeIfAbsent(rule.origin(), (origin) -> new HashMap<>())
							.computeIfAbsent(value, (key) -> new ArrayList<>())
							.add(column.id() + label);
					}
				}
			}
		}
		Map<String, Map<String, String>> next = new HashMap<>();
		holders.forEach((origin, values) -> values.forEach((value, held) -> {
			Collections.sort(held);
			next.computeIfAbsent(origin, (key) -> new HashMap<>()).put(value, digest(held.toString()));
		}));
		return next;
	}

	private String label(Table table, List<@Nullable String> row) {
		StringBuilder label = new StringBuilder();
		for (int i = 0; i < row.size(); i++) {
			label.append('|').append(value(table.columns().get(i), row.get(i)));
		}
		return digest(label.toString());
	}

	private static String digest(String text) {
		return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString();
	}

	/**
	 * Return what stands for a value.
	 */
	String value(Column column, @Nullable String value) {
		if (value == null) {
			return "null";
		}
		ColumnRule rule = this.rules.rule(column);
		return switch (rule.kind()) {
			case EXACT -> "=" + value;
			case SHAPE -> "<time>";
			case KEY -> "<" + name(rule.origin(), value) + ">";
			case TEXT -> text(rule, value);
		};
	}

	private String text(ColumnRule rule, String value) {
		return "=" + TOKENS.matcher(Text.withoutTimes(value)).replaceAll((match) -> {
			String name = name(rule.origin(), match.group());
			return name.isEmpty() ? (Text.isUuid(match.group()) ? "<uuid>" : match.group()) : "<" + name + ">";
		});
	}

	private String name(String origin, String value) {
		return this.names.getOrDefault(origin, Map.of()).getOrDefault(value, "");
	}

	/**
	 * Return the names that a value has as a key, whatever the table.
	 */
	List<String> names(String value) {
		List<String> all = new ArrayList<>();
		this.names.forEach((origin, values) -> {
			String name = values.get(value);
			if (name != null) {
				all.add(origin + name);
			}
		});
		return all;
	}

	/**
	 * Return the canonical rows of a table, each with the real ones behind it.
	 */
	Map<String, List<List<@Nullable String>>> of(Table table) {
		Map<String, List<List<@Nullable String>>> rows = new TreeMap<>();
		for (List<@Nullable String> row : this.snapshot.rows(table)) {
			rows.computeIfAbsent(label(table, row), (label) -> new ArrayList<>()).add(row);
		}
		return rows;
	}

}
