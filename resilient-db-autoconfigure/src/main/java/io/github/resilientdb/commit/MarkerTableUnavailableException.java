package io.github.resilientdb.commit;

/**
 * Thrown when the marker table is to be created, and can't be: whichever verification was
 * asked for, it is the marker's settings that are to be changed.
 */
public class MarkerTableUnavailableException extends CommitVerificationUnavailableException {

	private static final long serialVersionUID = 1L;

	public MarkerTableUnavailableException(String missing, String remedy) {
		super(Verification.MARKER, missing, remedy);
	}

}
