package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Decided;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Next;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Pending;
import io.github.resilientdb.commit.postgresql.XidVerdict.XidStatus;

/**
 * Asks for the status of a transaction id.
 */
final class XidQuestion extends OutcomeQuestion {

	private static final String PREPARED = "SELECT gid FROM pg_catalog.pg_prepared_xacts "
			+ "WHERE transaction::text::bigint = ?";

	private final long xid;

	private final ServerState before;

	private final boolean applied;

	private final BackendFence fence;

	XidQuestion(long xid, ServerState before, boolean applied, BackendFence fence, Barrier barrier,
			SQLException failure) {
		super(barrier, failure);
		this.xid = xid;
		this.before = before;
		this.applied = applied;
		this.fence = fence;
	}

	@Override
	SearchAnswer ask(VerificationTransaction transaction) throws SQLException {
		ServerState now = transaction.server();
		XidStatus status = now.standby() ? XidStatus.FUTURE : status(transaction);
		XidVerdict verdict = XidVerdict.of(now.standby(), this.before.token().with(now.token()), status);
		return switch (verdict) {
			case NOT_COMMITTED -> new Decided(new NotCommitted(NotCommittedReason.ROLLED_BACK, failure()));
			case COMMITTED_IF_DURABLE -> confirm(transaction, this.applied);
			case ASK_PRIMARY -> Pending.of(UnknownReason.STANDBY_ONLY);
			case WAIT -> Pending.of(UnknownReason.STILL_IN_PROGRESS);
			case WAIT_OR_FENCE -> step(UnknownReason.STILL_IN_PROGRESS, () -> waitOrFence(transaction));
			case UNKNOWN_OTHER_CLUSTER -> undecidable(UnknownReason.DIFFERENT_CLUSTER);
			case UNKNOWN_RESTARTED -> undecidable(UnknownReason.SERVER_RESTARTED);
			case UNKNOWN_TOO_OLD -> undecidable(UnknownReason.TOO_OLD);
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

	private SearchAnswer waitOrFence(VerificationTransaction transaction) throws SQLException {
		BackendFence.Holder holder = this.fence.holder(transaction, this.xid);
		return switch (holder) {
			case SYNC_REPLICATION -> Pending.of(UnknownReason.SYNC_REPLICATION_PENDING);
			case HIDDEN -> Pending.of(UnknownReason.STILL_IN_PROGRESS);
			case NONE -> isPrepared(transaction) ? undecidable(UnknownReason.PREPARED)
					: Pending.of(UnknownReason.STILL_IN_PROGRESS);
			case ACTIVE -> new Pending(UnknownReason.STILL_IN_PROGRESS,
					(isGraceOver() && endProcess(transaction)) ? Next.SOON : Next.LATER);
		};
	}

	@Override
	boolean terminate(VerificationTransaction transaction) throws SQLException {
		return this.fence.terminate(transaction, this.xid);
	}

	private boolean isPrepared(VerificationTransaction transaction) throws SQLException {
		return transaction.value(PREPARED, this.xid & 0xFFFF_FFFFL) != null;
	}

	@Override
	CommitOutcome unknown(UnknownReason reason) {
		return new Unknown(reason, "xid %d of server run %s".formatted(this.xid, this.before.token()),
				statement(reason), failure());
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
