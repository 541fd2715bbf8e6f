package io.github.resilientdb.pool.settings;

/**
 * When a connection is checked before it is lent. Whatever this says, a connection that
 * is known dead is not lent, and one that is older than an incident must answer first.
 */
public enum PrePing {

	/**
	 * At every checkout: by a local look at its socket, or by a round trip if it was idle
	 * for long or the look raises doubt.
	 */
	ALWAYS,

	/**
	 * Only if it was idle for long.
	 */
	IDLE,

	/**
	 * Never.
	 */
	OFF

}
