package io.github.resilientdb.commit;

/**
 * The verification that is asked for. What {@link #AUTO} becomes depends on what the
 * database offers.
 */
public enum VerificationMode {

	/**
	 * {@link #MARKER} if its table exists and may be used, otherwise {@link #XID} if the
	 * database supports it, otherwise {@link #NONE}.
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
