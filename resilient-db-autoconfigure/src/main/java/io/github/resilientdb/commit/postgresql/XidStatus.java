package io.github.resilientdb.commit.postgresql;

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
