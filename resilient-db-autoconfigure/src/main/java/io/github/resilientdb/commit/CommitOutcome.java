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

	/**
	 * Why a transaction is known not to have been committed.
	 */
	enum NotCommittedReason {

		/**
		 * The connection was lost before COMMIT was sent.
		 */
		BEFORE_COMMIT,

		/**
		 * The transaction was read-only, so there was nothing to commit.
		 */
		READ_ONLY,

		/**
		 * The transaction had written nothing, so there was nothing to commit.
		 */
		NOTHING_WRITTEN,

		/**
		 * The server says that the transaction was rolled back, or knows nothing of it.
		 */
		ROLLED_BACK,

		/**
		 * The transaction was prevented from committing: its COMMIT may still arrive, but
		 * will fail.
		 */
		FENCED,

		/**
		 * The server refused the marker, and with it the transaction. Another attempt
		 * commits without one.
		 */
		MARKER_REFUSED

	}

	/**
	 * Why nobody can tell whether a transaction was committed.
	 */
	enum UnknownReason {

		/**
		 * The transaction was committed without verification.
		 */
		NOT_VERIFIED,

		/**
		 * There was no time left to ask.
		 */
		NO_TIME_LEFT,

		/**
		 * The server could not be asked in time: it was away at the end, or only a
		 * standby was reached by a pool that needs a primary, or the marker table must
		 * not be used any more.
		 */
		UNREACHABLE,

		/**
		 * Only a standby could be reached in time, by a pool that does not need a
		 * primary, and what it says does not count.
		 */
		STANDBY_ONLY,

		/**
		 * The server still had the transaction in progress when time ran out, and it
		 * could or must not be fenced.
		 */
		STILL_IN_PROGRESS,

		/**
		 * The transaction was waiting for a synchronous standby when time ran out.
		 */
		SYNC_REPLICATION_PENDING,

		/**
		 * The transaction is committed on the server that was asked, but that could not
		 * be confirmed to be durable.
		 */
		NOT_REPLICATED,

		/**
		 * The server says committed, but it crashed or failed over, or cannot prove that
		 * it did not, so the transaction's id may have been given to another one.
		 */
		SERVER_RESTARTED,

		/**
		 * The server that was asked is not known to belong to the same database cluster.
		 */
		DIFFERENT_CLUSTER,

		/**
		 * The transaction was prepared for a two-phase commit; its coordinator decides.
		 */
		PREPARED,

		/**
		 * The server does not remember transactions that old, or has no marker table any
		 * more.
		 */
		TOO_OLD

	}

}
