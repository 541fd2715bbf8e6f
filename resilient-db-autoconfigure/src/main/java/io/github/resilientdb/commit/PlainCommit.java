package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;

import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommitted;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.Unknown;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;

/**
 * COMMIT as the driver does it, and what its loss means if nothing else is known.
 */
public final class PlainCommit {

	private PlainCommit() {
	}

	/**
	 * Commit, and have a loss explained.
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
	 * Deal with a failure that came before COMMIT was sent.
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
	 * Close a connection whose COMMIT is in doubt, lest the server wait for it.
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
	 * End a transaction one of whose statements has failed: the server would answer
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
	 * End a transaction that can only be rolled back.
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
	 * Tells what became of a transaction whose COMMIT was lost.
	 */
	@FunctionalInterface
	public interface LossHandler {

		CommitOutcome lost(SQLException failure);

	}

	/**
	 * A COMMIT that the driver has sent twice. After some refusals (26000, "cached plan
	 * must not change result type") PostgreSQL's driver parses the statement again and
	 * repeats it. A deferred trigger may raise them in COMMIT, which ends the
	 * transaction: the second COMMIT finds none, and the server says so only in a
	 * warning.
	 */
	private static final class RepeatedCommit {

		// no_active_sql_transaction
		private static final String NO_TRANSACTION = "25P01";

		private RepeatedCommit() {
		}

		/**
		 * Count the warnings of the kind, which costs no round trip.
		 * @param connection the connection
		 * @return how many there are
		 */
		static int warnings(Connection connection) throws SQLException {
			int count = 0;
			for (SQLWarning warning = connection.getWarnings(); warning != null; warning = warning.getNextWarning()) {
				if (NO_TRANSACTION.equals(warning.getSQLState())) {
					count++;
				}
			}
			return count;
		}

		/**
		 * Fail if the COMMIT that has just succeeded found no transaction.
		 * @param connection the connection, on which a transaction was open before
		 * @param before how many warnings there were before
		 */
		static void check(Connection connection, int before) throws SQLException {
			if (warnings(connection) > before) {
				throw new SQLException(
						"The server refused COMMIT and rolled the transaction back. The reason is not known: "
								+ "the driver sent COMMIT again, and reports only the second one",
						NO_TRANSACTION);
			}
		}

	}

}
