package io.github.resilientdb.test.rows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import org.jspecify.annotations.Nullable;

/**
 * Rows with each generated key replaced by what it stands for: the rows that hold it. Two
 * databases whose keys correspond one to one have the same canonical rows.
 * <p>
 * Keys get names in rounds, as in colour refinement: in each, a key's name is made of the
 * rows that hold it, and a row's of its values and its keys' names. Rows that nothing but
 * the numbers in their keys tells apart get the same name.
 */
public final class CanonicalRows {

	private static final int ROUNDS = 6;

	/**
	 * No two UUIDs are the same by chance: wherever they are, they come from one source.
	 */
	private static final String UUIDS = "uuid";

	private static final Pattern LEADING_ZEROS = Pattern.compile("^0+(?=\\d+$)");

	private final Rules rules;

	private final Snapshot snapshot;

	/**
	 * Names by origin and value.
	 */
	private Map<String, Map<String, String>> names = Map.of();

	public CanonicalRows(Rules rules, Snapshot snapshot) {
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
				List<Key> keys = keys(table, row);
				if (!keys.isEmpty()) {
					String label = labels.apply(table, row);
					keys.forEach((key) -> holders.computeIfAbsent(key.origin(), (origin) -> new HashMap<>())
						.computeIfAbsent(key.value(), (value) -> new ArrayList<>())
						.add(key.place() + label));
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

	private List<Key> keys(Table table, List<@Nullable String> row) {
		List<Key> keys = new ArrayList<>();
		for (int i = 0; i < row.size(); i++) {
			Column column = table.columns().get(i);
			ColumnRule rule = this.rules.rule(column);
			String value = row.get(i);
			if (value != null && rule.kind() == ColumnRule.Kind.KEY) {
				keys.add(new Key(origin(rule.origin(), value), value, column.id()));
			}
			else if (value != null && rule.kind() == ColumnRule.Kind.TEXT) {
				Text.TOKEN.matcher(value)
					.results()
					.map(MatchResult::group)
					.filter(Text::isUuid)
					.forEach((uuid) -> keys.add(new Key(UUIDS, uuid, column.id() + "#" + keys.size())));
			}
		}
		return keys;
	}

	private static String origin(String origin, String value) {
		return Text.isUuid(value) ? UUIDS : origin;
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
		return value(column, value, this::name);
	}

	/**
	 * Return what stands for a value.
	 * @param keys gives the name of a key by its origin and value, empty if it is none
	 */
	String value(Column column, @Nullable String value, BinaryOperator<String> keys) {
		if (value == null) {
			return "null";
		}
		ColumnRule rule = this.rules.rule(column);
		return switch (rule.kind()) {
			case EXACT -> "=" + value;
			case TIME -> "=" + moments().label(value, rule.precision(), rule.times());
			case KEY -> "<" + keys.apply(rule.origin(), value) + ">";
			case TEXT -> "=" + Text.TOKEN.matcher(value)
				.replaceAll((match) -> Matcher.quoteReplacement(token(rule, match.group(), keys)));
		};
	}

	private String token(ColumnRule rule, String token, BinaryOperator<String> keys) {
		String name = rule.origin().equals(ColumnRule.ANY) ? this.names.keySet()
			.stream()
			.map((origin) -> keys.apply(origin, token))
			.sorted()
			.collect(Collectors.joining()) : keys.apply(rule.origin(), token);
		if (!name.isEmpty()) {
			return "<" + name + ">";
		}
		return Moments.isOne(token) ? moments().label(token, rule.precision(), rule.times()) : token;
	}

	/**
	 * Return the name of a key. In a text, a number may have leading zeros. What was
	 * there before the method was called, in each run, is what it is.
	 */
	String name(String origin, String value) {
		String source = origin(origin, value);
		if (this.rules.isFixed(source, value)) {
			return "=" + value;
		}
		Map<String, String> known = this.names.getOrDefault(source, Map.of());
		String name = known.get(value);
		return (name != null) ? name : known.getOrDefault(withoutZeros(value), "");
	}

	private static String withoutZeros(String value) {
		return LEADING_ZEROS.matcher(value).replaceFirst("");
	}

	/**
	 * Return what stands for a text in which any key and any point in time may be.
	 */
	public String form(String text) {
		return Text.TOKEN.matcher(text)
			.replaceAll((match) -> Matcher.quoteReplacement(form(names(match.group()), match)));
	}

	private static String form(List<String> names, MatchResult token) {
		if (!names.isEmpty()) {
			return names.toString();
		}
		return Text.isUuid(token.group()) ? UUIDS : (Moments.isOne(token.group()) ? "<time>" : token.group());
	}

	/**
	 * Return the names that a value has as a key, whatever the table.
	 */
	List<String> names(String value) {
		List<String> all = new ArrayList<>();
		this.names.forEach((origin, known) -> {
			if (known.containsKey(value) || known.containsKey(withoutZeros(value))) {
				all.add(origin + name(origin, value));
			}
		});
		return all;
	}

	/**
	 * Return whether a value is a key that was generated by the method.
	 */
	boolean isGenerated(String value) {
		return this.names.keySet()
			.stream()
			.map((origin) -> name(origin, value))
			.anyMatch((name) -> !name.isEmpty() && !name.startsWith("="));
	}

	/**
	 * Return when the rows were read.
	 */
	Moments moments() {
		return this.snapshot.moments();
	}

	/**
	 * Return each key in the rows, by origin and value.
	 */
	Set<List<String>> keys() {
		Set<List<String>> all = new HashSet<>();
		this.names.forEach((origin, values) -> values.keySet().forEach((value) -> all.add(List.of(origin, value))));
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

	/**
	 * A value that is a key.
	 */
	private record Key(String origin, String value, String place) {

	}

}
