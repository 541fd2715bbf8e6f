package io.github.resilientdb.commit;

/**
 * How the outcome of a lost COMMIT is found.
 */
public enum Verification {

	/**
	 * By a row that is committed together with the transaction. Definitive across crashes
	 * and failovers.
	 */
	MARKER,

	/**
	 * By the status of the transaction id. Definitive unless the server crashed or failed
	 * over in between: a commit that got through is then unknown.
	 */
	XID,

	/**
	 * Not at all: a lost COMMIT has an unknown outcome.
	 */
	NONE

}
