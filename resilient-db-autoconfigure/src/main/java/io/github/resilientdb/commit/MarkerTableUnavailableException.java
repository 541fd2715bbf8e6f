package io.github.resilientdb.commit;

/**
 * Thrown when the marker table was to be created and could not be. Whichever verification
 * was asked for, it is the marker's settings that must change.
 */
public class MarkerTableUnavailableException extends CommitVerificationUnavailableException {

	private static final long serialVersionUID = 1L;

	public MarkerTableUnavailableException(String missing, String remedy) {
		super(Verification.MARKER, missing, remedy);
	}

}
