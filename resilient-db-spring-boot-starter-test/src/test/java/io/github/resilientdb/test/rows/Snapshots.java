package io.github.resilientdb.test.rows;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.github.resilientdb.test.rows.Rules.Rehearsal;
import org.jspecify.annotations.Nullable;

/**
 * Rows that were read on the morning of a new year.
 */
public final class Snapshots {

	static final Instant MORNING = Instant.parse("2026-01-01T10:00:00Z");

	private Snapshots() {
	}

	public static Snapshot of(Map<String, List<List<@Nullable String>>> rows) {
		return at(MORNING, rows);
	}

	static Snapshot at(Instant read, Map<String, List<List<@Nullable String>>> rows) {
		return new Snapshot(rows, new Moments(read, read));
	}

	/**
	 * Return a run that begins with no rows.
	 */
	static Rehearsal from(Snapshot after) {
		return new Rehearsal(Snapshot.EMPTY, after);
	}

}
