package io.github.resilientdb.pool.settings;

/**
 * What is done to a connection that is returned.
 */
public enum ResetOnReturn {

	/**
	 * What is left of a transaction is rolled back.
	 */
	ROLLBACK,

	/**
	 * PostgreSQL's {@code DISCARD ALL} as well: temporary tables, session settings,
	 * advisory locks, prepared statements and listening end. Then
	 * {@code connection-init-sql} is run again.
	 */
	DISCARD_ALL

}
