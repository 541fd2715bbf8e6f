package io.github.resilientdb.pool.settings;

/**
 * Whether connections are kept.
 */
public enum PoolMode {

	/**
	 * They are kept and lent again.
	 */
	POOLED,

	/**
	 * Each checkout opens a new one on the caller's thread, which is closed on return:
	 * for use behind a pooler such as PgBouncer. The size of the pool still limits how
	 * many there are at once.
	 */
	NONE

}
