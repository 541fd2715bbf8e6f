package io.github.resilientdb.retry;

import java.sql.SQLException;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * What a call ends with if the attempt that failed was its last.
 *
 * @param thrown what the attempt threw, or what takes its place
 * @param origin what ended its transaction, {@code null} if only what it threw tells
 * @param unknown whether nobody knows whether the transaction was committed
 */
record CallFailure(Throwable thrown, @Nullable Throwable origin, boolean unknown) {

	/**
	 * Let a refusal take the place of what the attempt threw.
	 */
	CallFailure refused(InvalidDataAccessApiUsageException refusal) {
		if (refusal.getCause() == null) {
			refusal.initCause(this.thrown);
		}
		return new CallFailure(refusal, this.origin, this.unknown);
	}

	/**
	 * The thread was interrupted before the next attempt.
	 * @param call the name of the call
	 */
	CallFailure interrupted(String call) {
		return this.unknown ? this : new CallFailure(
				new CannotCreateTransactionException("Interrupted while waiting to rerun " + call, withOrigin()), null,
				false);
	}

	/**
	 * Make the exception that the call throws.
	 */
	Throwable conclude() {
		if (!this.unknown) {
			return withOrigin();
		}
		TransactionOutcomeUnknownException report = FailureHistory.findUnknown(this.thrown);
		return (report != null) ? report : new TransactionOutcomeUnknownException(
				"the connection was lost in COMMIT, and is not one that can find out", null, null, withOrigin());
	}

	/**
	 * Make the exception without looking at the causes of what was thrown: it failed to
	 * give them.
	 */
	Throwable asItIs() {
		if (!this.unknown) {
			return this.thrown;
		}
		TransactionOutcomeUnknownException report = new TransactionOutcomeUnknownException(
				"the connection was lost in COMMIT", null, null, new SQLException("lost in COMMIT", "08007"));
		report.addSuppressed(this.thrown);
		return report;
	}

	private Throwable withOrigin() {
		return (this.origin != null) ? FailureHistory.withOrigin(this.thrown, this.origin) : this.thrown;
	}

}
