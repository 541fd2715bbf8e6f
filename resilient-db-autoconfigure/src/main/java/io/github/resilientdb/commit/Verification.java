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
	 * By the status of the transaction id. Definitive as long as the server neither
	 * crashed nor failed over in between; then a commit that got through is unknown.
	 */
	XID,

	/**
	 * Not at all: a lost COMMIT has an unknown outcome.
	 */
	NONE

}
