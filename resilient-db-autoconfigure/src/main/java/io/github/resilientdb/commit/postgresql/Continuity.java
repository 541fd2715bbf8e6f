package io.github.resilientdb.commit.postgresql;

/**
 * What is known about the server between two looks at it.
 */
enum Continuity {

	/**
	 * Neither crashed nor failed over: no transaction id was handed out twice.
	 */
	SAME,

	/**
	 * Certainly restarted or failed over: no server process of before is alive, and
	 * transaction ids may have been handed out twice.
	 */
	RESTARTED,

	/**
	 * Either of the two.
	 */
	UNPROVEN,

	/**
	 * Not known to be the same database cluster.
	 */
	OTHER_CLUSTER

}
