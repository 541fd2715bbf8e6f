package io.github.resilientdb.test.rows;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The committed rows of all compared tables at one moment.
 *
 * @param rows the rows by their table's name; each value as the server writes it
 * @param moments when the run began, and when they were read
 */
public record Snapshot(Map<String, List<List<@Nullable String>>> rows, Moments moments) {

	/**
	 * What a database holds before it was read.
	 */
	public static final Snapshot EMPTY = new Snapshot(Map.of(), new Moments(Instant.EPOCH, Instant.EPOCH));

	public Snapshot {
		rows = new TreeMap<>(rows);
	}

	List<List<@Nullable String>> rows(Schema.Table table) {
		return this.rows.getOrDefault(table.name(), List.of());
	}

	/**
	 * Return what may be keys or points in time in a column.
	 */
	Stream<String> tokens(Schema.Table table, Schema.Column column) {
		int index = table.columns().indexOf(column);
		return rows(table).stream()
			.map((row) -> Objects.requireNonNullElse(row.get(index), ""))
			.flatMap((value) -> column.isPointInTime() ? Stream.of(value)
					: Text.TOKEN.matcher(value).results().map(MatchResult::group));
	}

	/**
	 * Return the points in time in a column, each with its distance.
	 */
	Map<String, Span> spans(Schema.Table table, Schema.Column column) {
		Map<String, Span> spans = new HashMap<>();
		tokens(table, column).forEach((token) -> this.moments.span(token).ifPresent((span) -> spans.put(token, span)));
		return spans;
	}

}
