package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.retry.method.InvalidRetryableMethodException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells which method is annotated in a way that can't work, and what to do instead.
 */
final class InvalidRetryableMethodFailureAnalyzer extends AbstractFailureAnalyzer<InvalidRetryableMethodException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidRetryableMethodException cause) {
		String description = "%s on '%s' is invalid:%n%n    Reason: %s".formatted(cause.getOrigin(), cause.getMethod(),
				cause.getRule());
		return new FailureAnalysis(description, cause.getAction(), cause);
	}

}
