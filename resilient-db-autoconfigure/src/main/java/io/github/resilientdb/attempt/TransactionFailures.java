package io.github.resilientdb.attempt;

import io.github.resilientdb.FailureVerdict;
import org.jspecify.annotations.Nullable;

/**
 * What a connection saw fail in one transaction.
 *
 * @param failure the first telling failure, {@code null} if there was none
 * @param verdict what that means
 * @param loss how its own connection was lost, whatever else failed, {@code null} if it
 * was not
 */
record TransactionFailures(@Nullable Throwable failure, @Nullable FailureVerdict verdict, @Nullable Throwable loss) {

	static final TransactionFailures NONE = new TransactionFailures(null, null, null);

	/**
	 * Add a failure. The first one counts, except that one that was handled, such as a
	 * duplicate key behind a savepoint, must not hide the one that ended the transaction.
	 */
	TransactionFailures with(Throwable failure, FailureVerdict verdict) {
		boolean telling = this.verdict == null
				|| (this.verdict.kind() == FailureVerdict.Kind.OTHER && verdict.kind() != FailureVerdict.Kind.OTHER);
		return telling ? new TransactionFailures(failure, verdict, this.loss) : this;
	}

	TransactionFailures withLoss(Throwable failure) {
		return (this.loss == null) ? new TransactionFailures(this.failure, this.verdict, failure) : this;
	}

	/**
	 * What the server had refused is dealt with; a loss is not.
	 */
	TransactionFailures afterRollbackToSavepoint() {
		boolean dealtWith = this.verdict != null && this.verdict.kind() != FailureVerdict.Kind.DISCONNECT;
		return dealtWith ? new TransactionFailures(null, null, this.loss) : this;
	}

}
