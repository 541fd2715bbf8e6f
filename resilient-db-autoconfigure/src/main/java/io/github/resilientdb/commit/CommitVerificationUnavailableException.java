package io.github.resilientdb.commit;

import java.util.Locale;

/**
 * Thrown when the verification that was asked for is not available in the database.
 */
public class CommitVerificationUnavailableException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Verification verification;

	private final String missing;

	private final String remedy;

	public CommitVerificationUnavailableException(Verification verification, String missing, String remedy) {
		super("Commit verification '%s' is not available: %s".formatted(verification.name().toLowerCase(Locale.ROOT),
				missing));
		this.verification = verification;
		this.missing = missing;
		this.remedy = remedy;
	}

	/**
	 * Return the verification that was asked for.
	 * @return the verification
	 */
	public Verification getVerification() {
		return this.verification;
	}

	/**
	 * Return what is missing, as a sentence.
	 * @return what is missing
	 */
	public String getMissing() {
		return this.missing;
	}

	/**
	 * Return what to do about it: the SQL to run, where SQL helps.
	 * @return the remedy
	 */
	public String getRemedy() {
		return this.remedy;
	}

}
