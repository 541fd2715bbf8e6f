package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

import io.github.resilientdb.commit.CommitFailure;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.commit.MarkerTable;
import io.github.resilientdb.commit.PlainCommit;
import io.github.resilientdb.commit.postgresql.BackendFence.Backend;
import io.github.resilientdb.commit.postgresql.MarkerQuestion.Lifetime;
import org.jspecify.annotations.Nullable;

/**
 * Commits a marker with the transaction, in the same message as COMMIT: no extra round
 * trip, and an answer that survives crashes and failovers.
 */
final class MarkerCommit implements CommitMethod {

	private final MarkerTable table;

	private final OutcomeSearch search;

	private final BackendFence fence;

	private final Duration retention;

	private final MarkerDoubt doubt;

	private final CommitMethod instead;

	MarkerCommit(MarkerTable table, OutcomeSearch search, BackendFence fence, Duration retention, MarkerDoubt doubt,
			CommitMethod instead) {
		this.table = table;
		this.search = search;
		this.fence = fence;
		this.retention = retention;
		this.doubt = doubt;
		this.instead = instead;
	}

	@Override
	public CommitOutcome commit(PostgresCommitSession session, Connection physical, CommitRequest request)
			throws SQLException {
		UUID marker = session.nextMarker();
		Lifetime life = Lifetime.of(this.retention.dividedBy(2));
		boolean guarded = this.doubt.isInForce();
		// Read before COMMIT: afterwards, the last answer may be the server's farewell.
		Backend process = session.committingProcess();
		SQLException failure;
		try {
			long sent = System.nanoTime();
			session.markAndCommit(physical, this.table, marker, guarded);
			SQLException lateAnswer = session.doubt(sent);
			if (lateAnswer == null) {
				return finish(physical);
			}
			PlainCommit.abandon(physical, lateAnswer);
			failure = lateAnswer;
		}
		catch (SQLException | RuntimeException ex) {
			failure = CommitFailure.of(ex);
		}
		if (CommitFailure.isDefinite(failure.getSQLState(), physical.isClosed())) {
			return refused(session, physical, request, guarded, failure);
		}
		PlainCommit.abandon(physical, failure);
		MarkerQuestion question = new MarkerQuestion(this.table, marker, session.server(), process, this.fence,
				this.search.barrier(), life, failure);
		return this.search.search(question, request);
	}

	/**
	 * Let the driver, and whatever wraps it, know of the commit.
	 */
	private static CommitOutcome finish(Connection physical) {
		try {
			physical.commit();
			return Committed.ORDINARY;
		}
		catch (SQLException ex) {
			return Committed.VERIFIED;
		}
	}

	/**
	 * A refused COMMIT ends the transaction. After a refused marker it can go on without
	 * one, if a savepoint guards it.
	 */
	private CommitOutcome refused(PostgresCommitSession session, Connection physical, CommitRequest request,
			boolean guarded, SQLException failure) throws SQLException {
		if (session.isTransactionOver()) {
			throw failure;
		}
		if (!isUnusable(failure.getSQLState())) {
			PlainCommit.rollback(physical, failure);
			throw failure;
		}
		this.doubt.refused(failure);
		if (guarded) {
			try {
				ServerProbe.rollbackToSavepoint(physical);
			}
			catch (SQLException | RuntimeException ex) {
				return PlainCommit.notSent(physical, CommitFailure.of(ex));
			}
		}
		if (session.isTransactionOpen()) {
			// Thanks to the savepoint, or to the driver's autosave.
			return this.instead.commit(session, physical, request);
		}
		PlainCommit.abandon(physical, failure);
		return new NotCommitted(NotCommittedReason.MARKER_REFUSED, failure);
	}

	/**
	 * Whether the table or the function is gone (42P01, 42883, 3F000), or this role may
	 * not use it (42501): class 42 and 3F.
	 */
	private static boolean isUnusable(@Nullable String sqlState) {
		return sqlState != null && (sqlState.startsWith("42") || sqlState.startsWith("3F"));
	}

}
