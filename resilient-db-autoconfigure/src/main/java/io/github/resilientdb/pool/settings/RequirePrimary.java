package io.github.resilientdb.pool.settings;

/**
 * Whether a pool lends connections to primaries only.
 */
public enum RequirePrimary {

	/**
	 * Once a transaction that was not read-only has committed through the pool.
	 */
	AUTO,

	/**
	 * From the first connection.
	 */
	ALWAYS,

	/**
	 * Never.
	 */
	NEVER

}
