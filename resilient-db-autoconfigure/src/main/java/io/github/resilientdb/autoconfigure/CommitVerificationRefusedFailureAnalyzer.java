package io.github.resilientdb.autoconfigure;

import java.util.Locale;

import io.github.resilientdb.commit.CommitVerificationUnavailableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells what the verification that was asked for lacks, and the SQL that provides it.
 */
final class CommitVerificationRefusedFailureAnalyzer
		extends AbstractFailureAnalyzer<CommitVerificationRefusedException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, CommitVerificationRefusedException cause) {
		CommitVerificationUnavailableException refusal = cause.getRefusal();
		String description = """
				Lost COMMITs of DataSource '%s' can't be verified as asked for:

				    Property: resilientdb.commit.verification
				    Value: %s
				    Reason: %s""".formatted(cause.getBeanName(),
				refusal.getVerification().name().toLowerCase(Locale.ROOT), refusal.getMissing());
		String action = """
				%s

				Or set resilientdb.commit.verification to 'auto', which takes what there is, \
				or exclude the DataSource with resilientdb.datasources.%s.enabled=false."""
			.formatted(remedy(refusal.getRemedy()), cause.getBeanName());
		return new FailureAnalysis(description, action, cause);
	}

	private static String remedy(String remedy) {
		return remedy.endsWith(".") ? remedy : "Run this, in a migration for example:\n\n" + remedy.strip();
	}

}
