package io.github.resilientdb.attempt;

import io.github.resilientdb.FailureVerdict;
import org.jspecify.annotations.Nullable;

/**
 * What a connection saw fail in one transaction. Confined to its thread.
 */
final class TransactionFailures {

	private @Nullable Throwable failure;

	private @Nullable FailureVerdict verdict;

	// of its own connection, whatever else failed
	private @Nullable Throwable loss;

	/**
	 * Add a failure. The first one counts, except that one that was handled, such as a
	 * duplicate key behind a savepoint, must not hide the one that ended the transaction.
	 */
	void add(Throwable failure, FailureVerdict verdict) {
		if (this.verdict == null
				|| (this.verdict.kind() == FailureVerdict.Kind.OTHER && verdict.kind() != FailureVerdict.Kind.OTHER)) {
			this.failure = failure;
			this.verdict = verdict;
		}
	}

	void connectionLost(Throwable failure) {
		if (this.loss == null) {
			this.loss = failure;
		}
	}

	/**
	 * What the server had refused is dealt with; a loss is not.
	 */
	void rolledBackToSavepoint() {
		if (this.verdict != null && this.verdict.kind() != FailureVerdict.Kind.DISCONNECT) {
			this.failure = null;
			this.verdict = null;
		}
	}

	@Nullable Throwable failure() {
		return this.failure;
	}

	@Nullable FailureVerdict verdict() {
		return this.verdict;
	}

	@Nullable Throwable loss() {
		return this.loss;
	}

	boolean isUnavailable() {
		return this.verdict != null && this.verdict.kind() == FailureVerdict.Kind.UNAVAILABLE;
	}

}
