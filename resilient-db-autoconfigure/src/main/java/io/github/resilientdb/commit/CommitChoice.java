package io.github.resilientdb.commit;

import java.util.Locale;

/**
 * What verification a pool uses, and why.
 *
 * @param verification the verification that was chosen
 * @param explanation one line that says why, and what it costs
 */
public record CommitChoice(Verification verification, String explanation) {

	@Override
	public String toString() {
		return "%s: %s".formatted(this.verification.name().toLowerCase(Locale.ROOT), this.explanation);
	}

}
