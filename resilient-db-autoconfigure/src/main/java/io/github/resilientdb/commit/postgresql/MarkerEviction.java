package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

import io.github.resilientdb.commit.Deadline;
import io.github.resilientdb.commit.MarkerTable;
import io.github.resilientdb.commit.TimeOrderedIds;

/**
 * Deletes rows of the marker table that nobody can ask for any more. One instance at a
 * time, in small transactions.
 */
final class MarkerEviction {

	static final int BATCH = 1000;

	private static final int MOST_BATCHES = 1000;

	private static final String OLD = "at < pg_catalog.clock_timestamp() - ? * interval '1 second' AND (status <> 'F' "
			+ "OR at < pg_catalog.clock_timestamp() - ? * interval '1 second')";

	private static final Duration FUTURE = Duration.ofHours(1);

	static final int LOCK_CLASS = 0x7265_7364; // "resd"

	private final MarkerTable table;

	private final Duration committedRetention;

	private final Duration tombstoneRetention;

	MarkerEviction(MarkerTable table, Duration committedRetention, Duration tombstoneRetention) {
		this.table = table;
		this.committedRetention = committedRetention;
		this.tombstoneRetention = tombstoneRetention;
	}

	int evict(Connection connection, ServerProbe probe, Deadline deadline) throws SQLException {
		int evicted = 0;
		for (int i = 0; i < MOST_BATCHES && !deadline.isOver(); i++) {
			VerificationTransaction transaction = VerificationTransaction.begin(connection, probe, deadline);
			int batch = evictBatch(transaction);
			transaction.commit();
			evicted += batch;
			if (batch < BATCH) {
				break;
			}
		}
		return evicted;
	}

	private int evictBatch(VerificationTransaction transaction) throws SQLException {
		if (transaction.server().standby() || !lock(transaction)) {
			return 0;
		}
		transaction.execute("SET LOCAL synchronous_commit = off");
		long now = Long.parseLong(String
			.valueOf(transaction.value("SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::bigint")));
		// The ids begin with the time of the client's clock, so the index tells where
		// to stop; but the server's clock decides, for ids of the future too
		return transaction.update(
				"""
						DELETE FROM %1$s WHERE id IN (
						(SELECT id FROM %1$s WHERE id < ? AND %2$s ORDER BY id LIMIT %3$d) UNION ALL
						(SELECT id FROM %1$s WHERE id > ? AND %2$s ORDER BY id DESC LIMIT %3$d))"""
					.formatted(this.table.qualifiedName(), OLD, BATCH),
				lowest(now, this.committedRetention.negated()), seconds(this.committedRetention),
				seconds(this.tombstoneRetention), lowest(now, FUTURE), seconds(this.committedRetention),
				seconds(this.tombstoneRetention));
	}

	private static UUID lowest(long now, Duration from) {
		return TimeOrderedIds.lowest(now + from.toMillis());
	}

	private static double seconds(Duration duration) {
		return duration.toSeconds();
	}

	private boolean lock(VerificationTransaction transaction) throws SQLException {
		return "t".equals(transaction.value("SELECT pg_catalog.pg_try_advisory_xact_lock(?, ?::regclass::oid::int)",
				LOCK_CLASS, this.table.qualifiedName()));
	}

}
