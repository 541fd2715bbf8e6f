package io.github.resilientdb.test.rows;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The committed rows of all compared tables at one moment.
 *
 * @param rows the rows by their table's name; each value as the server writes it
 * @param moments when they were read
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

}
