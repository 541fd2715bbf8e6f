package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.postgresql.OutcomeSearch.OutcomeQuestion;
import io.github.resilientdb.commit.postgresql.XidVerdict.XidStatus;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the status of a transaction id.
 */
final class XidQuestion implements OutcomeQuestion {

	/**
	 * How long a COMMIT that is still on its way, or being executed, may take before it
	 * is fenced.
	 */
	private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(250);

	private static final String PREPARED = "SELECT gid FROM pg_catalog.pg_prepared_xacts "
			+ "WHERE transaction::text::bigint = ?";

	private final long xid;

	private final ServerState before;

	private final boolean applied;

	private final BackendFence fence;

	private final Barrier barrier;

	private final SQLException failure;

	private final long graceEnd = System.nanoTime() + GRACE;

	private UnknownReason pending = UnknownReason.UNREACHABLE;

	private boolean hurried;

	XidQuestion(long xid, ServerState before, boolean applied, BackendFence fence, Barrier barrier,
			SQLException failure) {
		this.xid = xid;
		this.before = before;
		this.applied = applied;
		this.barrier = barrier;
		this.fence = fence;
		this.failure = failure;
	}

	@Override
	public @Nullable CommitOutcome ask(VerificationTransaction transaction) throws SQLException {
		this.hurried = false;
		this.pending = UnknownReason.UNREACHABLE;
		ServerState now = transaction.server();
		XidStatus status = now.standby() ? XidStatus.FUTURE : status(transaction);
		XidVerdict verdict = XidVerdict.of(now.standby(), this.before.token().with(now.token()), status);
		return switch (verdict) {
			case NOT_COMMITTED -> new NotCommitted(NotCommittedReason.ROLLED_BACK, this.failure);
			case COMMITTED_IF_DURABLE -> confirm(transaction);
			case ASK_PRIMARY -> notYet(UnknownReason.STANDBY_ONLY);
			case WAIT -> notYet(UnknownReason.STILL_IN_PROGRESS);
			case WAIT_OR_FENCE -> waitOrFence(transaction);
			case UNKNOWN_OTHER_CLUSTER -> unknown(UnknownReason.DIFFERENT_CLUSTER);
			case UNKNOWN_RESTARTED -> unknown(UnknownReason.SERVER_RESTARTED);
			case UNKNOWN_TOO_OLD -> unknown(UnknownReason.TOO_OLD);
		};
	}

	private XidStatus status(VerificationTransaction transaction) throws SQLException {
		try {
			String status = transaction.value("SELECT pg_catalog.txid_status(?)", this.xid);
			return (status != null) ? status(status) : XidStatus.FORGOTTEN;
		}
		catch (SQLException ex) {
			if ("22023".equals(ex.getSQLState())) {
				return XidStatus.FUTURE;
			}
			throw ex;
		}
	}

	private static XidStatus status(String status) throws SQLException {
		return switch (status) {
			case "committed" -> XidStatus.COMMITTED;
			case "aborted" -> XidStatus.ABORTED;
			case "in progress" -> XidStatus.IN_PROGRESS;
			default -> throw new SQLException("Unknown transaction status: " + status, "08P01");
		};
	}

	private @Nullable CommitOutcome confirm(VerificationTransaction transaction) throws SQLException {
		// Also what to report if the barrier is not confirmed
		this.pending = UnknownReason.NOT_REPLICATED;
		return this.barrier.pass(transaction, this.applied, transaction.deadline()) ? Committed.VERIFIED : null;
	}

	private @Nullable CommitOutcome waitOrFence(VerificationTransaction transaction) throws SQLException {
		this.pending = UnknownReason.STILL_IN_PROGRESS;
		BackendFence.Holder holder = this.fence.holder(transaction, this.xid);
		return switch (holder) {
			case SYNC_REPLICATION -> notYet(UnknownReason.SYNC_REPLICATION_PENDING);
			case HIDDEN -> null;
			case NONE -> isPrepared(transaction) ? unknown(UnknownReason.PREPARED) : null;
			case ACTIVE -> {
				if (System.nanoTime() - this.graceEnd >= 0) {
					this.hurried = this.fence.terminate(transaction, this.xid);
				}
				yield null;
			}
		};
	}

	private boolean isPrepared(VerificationTransaction transaction) throws SQLException {
		return transaction.value(PREPARED, this.xid & 0xFFFF_FFFFL) != null;
	}

	private @Nullable CommitOutcome notYet(UnknownReason reason) {
		this.pending = reason;
		return null;
	}

	@Override
	public UnknownReason pending() {
		return this.pending;
	}

	@Override
	public boolean isHurried() {
		return this.hurried;
	}

	@Override
	public CommitOutcome unknown(UnknownReason reason) {
		return new Unknown(reason, "xid %d of server run %s".formatted(this.xid, this.before.token()),
				statement(reason), this.failure);
	}

	/**
	 * The status alone would mislead after a crash, so the statement knows when not to
	 * tell.
	 */
	private String statement(UnknownReason reason) {
		return switch (reason) {
			case SERVER_RESTARTED, DIFFERENT_CLUSTER, TOO_OLD, PREPARED -> "";
			default -> ServerProbe.statusIfSameRun(this.xid, this.before.token());
		};
	}

}
