package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.commit.CommitVerificationUnavailableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Tells what the verification that was asked for lacks, and the SQL that provides it.
 */
final class CommitVerificationRefusedFailureAnalyzer
		extends AbstractFailureAnalyzer<CommitVerificationRefusedException> {

	private static final String PROPERTY = "resilientdb.commit.verification";

	private final Environment environment;

	CommitVerificationRefusedFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, CommitVerificationRefusedException cause) {
		CommitVerificationUnavailableException refusal = cause.getRefusal();
		String description = """
				Lost COMMITs of DataSource '%s' can't be verified as configured:

				    Property: %s
				    Value: %s
				    Origin: %s
				    Reason: %s""".formatted(cause.getBeanName(), PROPERTY, WrittenValues.of(refusal.getVerification()),
				origin(), refusal.getMissing());
		String action = """
				%s

				Or set resilientdb.commit.verification to 'auto', which takes what there is, \
				or exclude the DataSource with resilientdb.datasources.%s.enabled=false."""
			.formatted(remedy(refusal.getRemedy()), cause.getBeanName());
		return new FailureAnalysis(description, action, cause);
	}

	private String origin() {
		String origin = PropertyOrigins.find(this.environment, PROPERTY);
		return (origin != null) ? origin : "default";
	}

	private static String remedy(String remedy) {
		return remedy.endsWith(".") ? remedy : "Run this, in a migration for example:\n\n" + remedy.strip();
	}

}
