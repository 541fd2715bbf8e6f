package io.github.resilientdb.commit;

/**
 * What is asked for; what the database offers decides what {@link #AUTO} becomes.
 */
public enum VerificationMode {

	/**
	 * {@link #MARKER} where its table exists and may be used, else {@link #XID} where the
	 * database knows it, else {@link #NONE}.
	 */
	AUTO,

	/**
	 * Insist on {@link Verification#MARKER}.
	 */
	MARKER,

	/**
	 * Insist on {@link Verification#XID}.
	 */
	XID,

	/**
	 * Do not verify.
	 */
	NONE

}
