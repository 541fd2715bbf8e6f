package io.github.resilientdb.pool.guard;

/**
 * What came of lending a connection.
 */
public enum Lending {

	/**
	 * It is lent.
	 */
	LENT,

	/**
	 * It must be discarded.
	 */
	UNFIT,

	/**
	 * There was no time left to ask it.
	 */
	OUT_OF_TIME

}
