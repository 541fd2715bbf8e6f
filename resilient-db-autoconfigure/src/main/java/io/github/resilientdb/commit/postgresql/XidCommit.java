package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.commit.CommitFailure;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.PlainCommit;
import io.github.resilientdb.commit.PlainCommit.LossHandler;

/**
 * Learns the transaction's id before COMMIT, and asks for its status if the COMMIT is
 * lost. Costs one round trip.
 */
final class XidCommit implements CommitMethod {

	private final OutcomeSearch search;

	private final BackendFence fence;

	XidCommit(OutcomeSearch search, BackendFence fence) {
		this.search = search;
		this.fence = fence;
	}

	@Override
	public CommitOutcome commit(PostgresCommitSession session, Connection physical, CommitRequest request)
			throws SQLException {
		long xid;
		try {
			xid = session.readXid(physical);
		}
		catch (SQLException | RuntimeException ex) {
			return PlainCommit.notSent(physical, CommitFailure.of(ex));
		}
		if (xid == PostgresCommitSession.NO_XID) {
			return PlainCommit.commit(physical,
					(failure) -> new NotCommitted(NotCommittedReason.NOTHING_WRITTEN, failure));
		}
		LossHandler lookUp = (failure) -> this.search.search(
				new XidQuestion(xid, session.server(), session.isApplied(), this.fence, this.search.barrier(), failure),
				request);
		long sent = System.nanoTime();
		CommitOutcome outcome = PlainCommit.commit(physical, lookUp);
		SQLException doubt = (outcome == Committed.ORDINARY) ? session.doubt(sent) : null;
		if (doubt == null) {
			return outcome;
		}
		PlainCommit.abandon(physical, doubt);
		return lookUp.lost(doubt);
	}

}
