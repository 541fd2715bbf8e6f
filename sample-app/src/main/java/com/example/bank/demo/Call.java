package com.example.bank.demo;

import java.util.UUID;

/**
 * What a client knows of a transfer it asked for.
 *
 * @param transferId the id it made up
 * @param answer what it was told
 */
record Call(UUID transferId, Answer answer) {

	/**
	 * What a client was told.
	 */
	enum Answer {

		/**
		 * It was done.
		 */
		DONE,

		/**
		 * It failed.
		 */
		FAILED,

		/**
		 * Nobody can know.
		 */
		UNKNOWN

	}

}
