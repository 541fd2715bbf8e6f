package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.MarkerTable;
import io.github.resilientdb.commit.postgresql.ContinuityToken.Continuity;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Decided;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Next;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Pending;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a marker by putting a tombstone in its place. If that succeeds, the
 * transaction is not committed and cannot be any more: its own marker would be a
 * duplicate.
 */
final class MarkerQuestion extends OutcomeQuestion {

	// A tombstone needs no durability: whatever loses it has ended the transaction, too.
	private static final String NO_WAIT = "SET LOCAL synchronous_commit = off";

	private static final String LOCK_NOT_AVAILABLE = "55P03";

	private static final String UNDEFINED_TABLE = "42P01";

	private final MarkerTable table;

	private final UUID marker;

	private final ServerState before;

	private final BackendFence.@Nullable Backend process;

	private final BackendFence fence;

	private final Lifetime life;

	private boolean blocked;

	MarkerQuestion(MarkerTable table, UUID marker, ServerState before, BackendFence.@Nullable Backend process,
			BackendFence fence, Barrier barrier, Lifetime life, SQLException failure) {
		super(barrier, failure);
		this.table = table;
		this.marker = marker;
		this.before = before;
		this.process = process;
		this.fence = fence;
		this.life = life;
	}

	@Override
	SearchAnswer ask(VerificationTransaction transaction) throws SQLException {
		ServerState now = transaction.server();
		if (now.standbySince(this.before)) {
			return new Decided(new NotCommitted(NotCommittedReason.READ_ONLY, failure()));
		}
		if (now.standby()) {
			return Pending.of(UnknownReason.STANDBY_ONLY);
		}
		Continuity continuity = this.before.token().with(now.token());
		if (continuity == Continuity.OTHER_CLUSTER && isIdentified(now)) {
			return undecidable(UnknownReason.DIFFERENT_CLUSTER);
		}
		BackendFence.Holder holder = holder(transaction);
		if (holder == BackendFence.Holder.SYNC_REPLICATION) {
			return Pending.of(UnknownReason.SYNC_REPLICATION_PENDING);
		}
		boolean ended = holder == BackendFence.Holder.ACTIVE && isGraceOver() && endProcess(transaction);
		return (continuity == Continuity.OTHER_CLUSTER) ? readOnly(transaction)
				: bury(transaction, ended ? Next.SOON : Next.LATER);
	}

	private boolean isIdentified(ServerState now) {
		return this.before.token().systemIdentifier() != null && now.token().systemIdentifier() != null;
	}

	/**
	 * Where clusters cannot be told apart, a marker still proves itself, but its absence
	 * proves nothing.
	 */
	private SearchAnswer readOnly(VerificationTransaction transaction) throws SQLException {
		String status = status(transaction);
		return (status != null) ? decide(transaction, status) : undecidable(UnknownReason.DIFFERENT_CLUSTER);
	}

	/**
	 * Put a tombstone in the place of the marker, unless that is there.
	 * @param transaction where to do so
	 * @param next when to ask again if the marker is locked
	 */
	private SearchAnswer bury(VerificationTransaction transaction, Next next) throws SQLException {
		try {
			insertTombstone(transaction);
		}
		catch (SQLException ex) {
			return notBuried(ex, next);
		}
		String status = status(transaction);
		if (status != null) {
			return decide(transaction, status);
		}
		// It was there a moment ago: removed by the clean-up, or by hand.
		return undecidable(UnknownReason.TOO_OLD);
	}

	private void insertTombstone(VerificationTransaction transaction) throws SQLException {
		transaction.execute(NO_WAIT);
		transaction.update("INSERT INTO %s (id, status) VALUES (?, 'F') ON CONFLICT (id) DO NOTHING"
			.formatted(this.table.qualifiedName()), this.marker);
	}

	private Pending notBuried(SQLException failure, Next next) throws SQLException {
		return switch (String.valueOf(failure.getSQLState())) {
			case LOCK_NOT_AVAILABLE -> {
				this.blocked = true;
				yield new Pending(UnknownReason.STILL_IN_PROGRESS, next);
			}
			// dropped, and its markers with it, unless it was only renamed
			case UNDEFINED_TABLE -> Pending.of(UnknownReason.TOO_OLD);
			default -> throw failure;
		};
	}

	private @Nullable String status(VerificationTransaction transaction) throws SQLException {
		return transaction.value("SELECT status::text FROM %s WHERE id = ?".formatted(this.table.qualifiedName()),
				this.marker);
	}

	private SearchAnswer decide(VerificationTransaction transaction, String status) throws SQLException {
		if (!status.equals(MarkerTable.TOMBSTONE)) {
			return confirm(transaction, status.equals(MarkerTable.APPLIED));
		}
		transaction.commit();
		if (this.life.isOver()) {
			// The marker may have been there, and been removed in the meantime.
			return undecidable(UnknownReason.TOO_OLD);
		}
		releaseLocks(transaction);
		return new Decided(new NotCommitted(NotCommittedReason.FENCED, failure()));
	}

	/**
	 * The server may not have noticed the loss. Another attempt would wait for its locks.
	 */
	private void releaseLocks(VerificationTransaction transaction) {
		try {
			endProcess(transaction);
		}
		catch (SQLException ex) {
			failure().addSuppressed(ex);
		}
	}

	/**
	 * Who holds the marker, if it was locked when it was last asked for: COMMIT is being
	 * executed, or the message was cut off just before it.
	 */
	private BackendFence.Holder holder(VerificationTransaction transaction) throws SQLException {
		return (this.blocked && this.process != null) ? this.fence.holder(transaction, this.process)
				: BackendFence.Holder.NONE;
	}

	@Override
	boolean terminate(VerificationTransaction transaction) throws SQLException {
		return this.process != null && this.fence.terminate(transaction, this.process);
	}

	@Override
	CommitOutcome unknown(UnknownReason reason) {
		return new Unknown(reason, "marker %s".formatted(this.marker), statement(reason), failure());
	}

	private String statement(UnknownReason reason) {
		return switch (reason) {
			case TOO_OLD, DIFFERENT_CLUSTER -> "";
			default -> ("SELECT coalesce((SELECT CASE status WHEN 'F' THEN 'not committed' ELSE 'committed' END "
					+ "FROM %s WHERE id = '%s'), CASE WHEN pg_catalog.clock_timestamp() < '%s' "
					+ "THEN 'not committed, unless still in progress' ELSE 'unknown' END)")
				.formatted(this.table.qualifiedName(), this.marker, this.life.wallClockEnd());
		};
	}

	/**
	 * How long a marker is certain to be there. By two clocks: the monotonic one may
	 * stand still while a virtual machine is suspended, and the other one may be set
	 * back.
	 *
	 * @param nanos the end, as a {@link System#nanoTime()} value
	 * @param wallClockEnd the end, by the wall clock
	 */
	record Lifetime(long nanos, Instant wallClockEnd) {

		static Lifetime of(Duration duration) {
			return new Lifetime(System.nanoTime() + duration.toNanos(),
					Instant.now().plus(duration).truncatedTo(ChronoUnit.SECONDS));
		}

		boolean isOver() {
			return System.nanoTime() - this.nanos >= 0 || !Instant.now().isBefore(this.wallClockEnd);
		}

	}

}
