package io.github.resilientdb.commit;

/**
 * Why a transaction is known not to have been committed.
 */
public enum NotCommittedReason {

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
	 * The server refused the marker, and with it the transaction. Another attempt does
	 * without.
	 */
	MARKER_REFUSED

}
