package io.github.resilientdb.commit;

import java.sql.SQLException;

/**
 * What became of a transaction whose COMMIT was sent. After every outcome but
 * {@link Committed#ORDINARY} the connection must not be used again.
 */
public sealed interface CommitOutcome {

	/**
	 * The transaction is committed.
	 *
	 * @param connectionLost whether the connection was lost, and the commit verified from
	 * another one
	 */
	record Committed(boolean connectionLost) implements CommitOutcome {

		/**
		 * The ordinary case: the server confirmed the COMMIT.
		 */
		public static final Committed ORDINARY = new Committed(false);

		/**
		 * The confirmation was lost, and the commit verified.
		 */
		public static final Committed VERIFIED = new Committed(true);

	}

	/**
	 * The transaction is not committed, and never will be.
	 *
	 * @param reason how that is known
	 * @param cause the failure that ended the connection
	 */
	record NotCommitted(NotCommittedReason reason, SQLException cause) implements CommitOutcome {

	}

	/**
	 * Whether it is committed could not be found out.
	 *
	 * @param reason why it could not
	 * @param transaction what the server knows the transaction by, for the operator, or
	 * an empty string
	 * @param statement a statement that tells an operator the outcome, or an empty string
	 * where none can
	 * @param cause the failure that ended the connection
	 */
	record Unknown(UnknownReason reason, String transaction, String statement,
			SQLException cause) implements CommitOutcome {

	}

}
