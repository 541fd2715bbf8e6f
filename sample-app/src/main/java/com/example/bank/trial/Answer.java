package com.example.bank.trial;

/**
 * What a client was told.
 */
enum Answer {

	/**
	 * The transfer was done.
	 */
	DONE,

	/**
	 * It failed.
	 */
	FAILED,

	/**
	 * It was not done in the time that the call had.
	 */
	GAVE_UP,

	/**
	 * Nobody can know.
	 */
	UNKNOWN

}
