package io.github.resilientdb.autoconfigure;

import java.util.Locale;

import io.github.resilientdb.commit.CommitVerificationUnavailableException;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Tells what the database lacks for the verification that was asked for.
 */
final class CommitVerificationUnavailableFailureAnalyzer
		extends AbstractFailureAnalyzer<CommitVerificationUnavailableException> {

	private static final String PROPERTY = "resilientdb.commit.verification";

	private final Environment environment;

	CommitVerificationUnavailableFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, CommitVerificationUnavailableException cause) {
		String value = cause.getVerification().name().toLowerCase(Locale.ROOT);
		String found = PropertyOrigins.find(this.environment, ConfigurationPropertyName.of(PROPERTY));
		String origin = (found != null) ? found : "default";
		String description = "Invalid value '%s' for configuration property '%s' (originating from '%s'). "
			.formatted(value, PROPERTY, origin)
				+ "The database can't do that:%n%n    Reason: %s".formatted(cause.getMissing());
		String action = "%s%n%nOr set %s to auto, which takes what there is.".formatted(cause.getRemedy(), PROPERTY);
		return new FailureAnalysis(description, action, cause);
	}

}
