package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.Unknown;

/**
 * COMMIT as the driver does it, and what its loss means where nothing else is known.
 */
public final class PlainCommit {

	private PlainCommit() {
	}

	/**
	 * Commits, and answers a loss.
	 * @param physical the connection
	 * @param onLoss what became of the transaction if the COMMIT is lost
	 */
	public static CommitOutcome commit(Connection physical, LossHandler onLoss) throws SQLException {
		SQLException failure;
		try {
			int repeated = RepeatedCommit.warnings(physical);
			physical.commit();
			RepeatedCommit.check(physical, repeated);
			return Committed.ORDINARY;
		}
		catch (SQLException | RuntimeException ex) {
			failure = CommitFailure.of(ex);
		}
		if (CommitFailure.isDefinite(failure.getSQLState(), physical.isClosed())) {
			throw failure;
		}
		abandon(physical, failure);
		return onLoss.lost(failure);
	}

	public static CommitOutcome unverified(boolean readOnly, SQLException failure) {
		return readOnly ? new NotCommitted(NotCommittedReason.READ_ONLY, failure)
				: new Unknown(UnknownReason.NOT_VERIFIED, "", "", failure);
	}

	/**
	 * Answers a failure that came before COMMIT was sent.
	 */
	public static CommitOutcome notSent(Connection physical, SQLException failure) throws SQLException {
		if (CommitFailure.isDefinite(failure.getSQLState(), physical.isClosed())) {
			rollback(physical, failure);
			throw failure;
		}
		abandon(physical, failure);
		return new NotCommitted(NotCommittedReason.BEFORE_COMMIT, failure);
	}

	/**
	 * Closes a connection whose COMMIT is in doubt, lest the server wait for it.
	 */
	public static void abandon(Connection physical, SQLException failure) {
		try {
			if (!physical.isClosed()) {
				physical.abort(Runnable::run);
			}
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * Ends a transaction one of whose statements has failed: the server would answer
	 * COMMIT with ROLLBACK, which the driver takes for success.
	 * @return what to throw
	 */
	public static SQLException refuse(Connection physical) {
		SQLException failure = new SQLException("The transaction was rolled back instead of being committed: "
				+ "one of its statements had failed, and that was ignored", "25P02");
		rollback(physical, failure);
		return failure;
	}

	/**
	 * Ends a transaction that can only be rolled back.
	 */
	public static void rollback(Connection physical, SQLException failure) {
		try {
			physical.rollback();
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	/**
	 * Answers the loss of a COMMIT.
	 */
	@FunctionalInterface
	public interface LossHandler {

		CommitOutcome lost(SQLException failure);

	}

}
