package io.github.resilientdb.commit;

/**
 * Why nobody can tell whether a transaction was committed.
 */
public enum UnknownReason {

	/**
	 * The transaction was committed without verification.
	 */
	NOT_VERIFIED,

	/**
	 * There was no time left to ask.
	 */
	NO_TIME_LEFT,

	/**
	 * The server could not be asked in time.
	 */
	UNREACHABLE,

	/**
	 * In all the time only a standby could be asked, and what it says does not count.
	 */
	STANDBY_ONLY,

	/**
	 * The server still had the transaction in progress when time ran out, and it could or
	 * must not be fenced.
	 */
	STILL_IN_PROGRESS,

	/**
	 * The transaction was waiting for a synchronous standby when time ran out.
	 */
	SYNC_REPLICATION_PENDING,

	/**
	 * The transaction is committed on the server that was asked, but that could not be
	 * confirmed to be durable.
	 */
	NOT_REPLICATED,

	/**
	 * The server says committed, but it crashed, failed over or cannot prove that it did
	 * not, and may have given the transaction's id to another one.
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
	 * The server does not remember transactions that old.
	 */
	TOO_OLD

}
