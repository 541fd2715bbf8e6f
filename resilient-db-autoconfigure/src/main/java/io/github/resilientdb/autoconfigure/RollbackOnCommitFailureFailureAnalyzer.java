package io.github.resilientdb.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Tells which transaction manager must not roll back when a commit fails, and why.
 */
final class RollbackOnCommitFailureFailureAnalyzer extends AbstractFailureAnalyzer<RollbackOnCommitFailureException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RollbackOnCommitFailureException cause) {
		String description = "The transaction manager '%s' is set to roll back when a commit fails:%n%n    Reason: %s"
			.formatted(cause.getBeanName(), CommitPropertiesReader.WHY_NO_ROLLBACK);
		return new FailureAnalysis(description, "Remove the call of setRollbackOnCommitFailure(true).", cause);
	}

}
