package io.github.resilientdb.commit.postgresql;

import io.github.resilientdb.commit.postgresql.ContinuityToken.Continuity;

/**
 * What follows from the status of a transaction id.
 */
enum XidVerdict {

	/**
	 * Committed, if a barrier confirms that it is durable.
	 */
	COMMITTED_IF_DURABLE,

	NOT_COMMITTED,

	/**
	 * Ours, and still in progress: wait, and fence it if it takes too long.
	 */
	WAIT_OR_FENCE,

	/**
	 * Wait: what is seen may be another transaction, or not the final word.
	 */
	WAIT,

	/**
	 * A standby lags behind, and may never be promoted: ask again until a primary
	 * answers.
	 */
	ASK_PRIMARY,

	UNKNOWN_OTHER_CLUSTER, UNKNOWN_RESTARTED, UNKNOWN_TOO_OLD;

	/**
	 * The decision. "Aborted" and "in the future" hold for any run of the same cluster:
	 * if the id was handed out again, ours was lost. "Committed" may be another
	 * transaction's unless the run is the same. "In progress" is another's if no process
	 * of before can be alive.
	 * @param standby whether a standby said so
	 * @param continuity what is known about the server since
	 * @param status what it said
	 */
	static XidVerdict of(boolean standby, Continuity continuity, XidStatus status) {
		if (standby) {
			return ASK_PRIMARY;
		}
		if (continuity == Continuity.OTHER_CLUSTER) {
			return UNKNOWN_OTHER_CLUSTER;
		}
		return switch (status) {
			case ABORTED, FUTURE -> NOT_COMMITTED;
			case FORGOTTEN -> UNKNOWN_TOO_OLD;
			case COMMITTED -> (continuity == Continuity.SAME) ? COMMITTED_IF_DURABLE : UNKNOWN_RESTARTED;
			case IN_PROGRESS -> switch (continuity) {
				case SAME -> WAIT_OR_FENCE;
				case RESTARTED -> NOT_COMMITTED;
				default -> WAIT;
			};
		};
	}

	/**
	 * What {@code txid_status} says about a transaction id.
	 */
	enum XidStatus {

		COMMITTED, ABORTED, IN_PROGRESS,

		/**
		 * Not handed out yet (22023, "is in the future").
		 */
		FUTURE,

		/**
		 * Too old ({@code null}).
		 */
		FORGOTTEN

	}

}
