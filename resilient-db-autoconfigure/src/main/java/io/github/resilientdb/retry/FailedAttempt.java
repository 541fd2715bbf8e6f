package io.github.resilientdb.retry;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.disconnect.ClassifiedFailure;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an attempt that threw.
 *
 * @param observed whether anything was seen of its transaction
 * @param outcome what became of its transaction
 * @param guarded whether the outcome is what the connection saw
 * @param committing whether a commit had been asked for
 * @param verdict what the failure means
 * @param unknownThrown whether what was thrown reports an unknown outcome, of this
 * transaction or of another
 */
record FailedAttempt(boolean observed, TransactionOutcome outcome, boolean guarded, boolean committing,
		FailureVerdict verdict, boolean unknownThrown) {

	static final FailedAttempt UNOBSERVED = new FailedAttempt(false, TransactionOutcome.NOT_BEGUN, false, false,
			FailureVerdict.OTHER, false);

	private static final String READ_ONLY = "read-only";

	static FailedAttempt of(AttemptLedger ledger, ClassifiedFailure failure,
			@Nullable TransactionOutcomeUnknownException unknown) {
		return new FailedAttempt(ledger.own().isObserved(), ledger.own().outcome(), ledger.own().isGuarded(),
				ledger.own().isCommitting(), verdict(failure, seen(ledger, failure)), unknown != null);
	}

	// What failed may be an inner transaction, which the attempt's own knows nothing of
	private static @Nullable FailureVerdict seen(AttemptLedger ledger, ClassifiedFailure failure) {
		FailureVerdict seen = (failure.source() != null) ? ledger.lossVerdict(failure.source()) : null;
		return (seen != null) ? seen : ledger.own().verdict();
	}

	/**
	 * Return what the failure means. What was thrown says it, unless it tells nothing:
	 * then the connection does, if it was lost or the server had refused to go on, which
	 * the application may have caught and thrown anew.
	 * @param thrown what was thrown
	 * @param seen what the connection that failed saw, or else the transaction's own
	 * @return the verdict
	 */
	static FailureVerdict verdict(ClassifiedFailure thrown, @Nullable FailureVerdict seen) {
		if (seen != null && seen.kind() != FailureVerdict.Kind.OTHER && READ_ONLY.equals(thrown.verdict().reason())) {
			return seen; // it knows whether the transaction was meant to write
		}
		boolean tellsNothing = thrown.source() == null;
		return (seen != null && tellsNothing && (thrown.symptom() || endsTransaction(seen))) ? seen : thrown.verdict();
	}

	private static boolean endsTransaction(FailureVerdict seen) {
		return switch (seen.kind()) {
			case DISCONNECT, SERIALIZATION_FAILURE, DEADLOCK -> true;
			case UNAVAILABLE -> READ_ONLY.equals(seen.reason());
			case OTHER -> false;
		};
	}

	FailedAttempt withVerdict(FailureVerdict verdict) {
		return new FailedAttempt(this.observed, this.outcome, this.guarded, this.committing, verdict,
				this.unknownThrown);
	}

	/**
	 * Return whether a write was refused by a standby, where a primary is needed.
	 */
	boolean isRefusedWrite() {
		return this.verdict.kind() == FailureVerdict.Kind.DISCONNECT && READ_ONLY.equals(this.verdict.reason());
	}

	/**
	 * Return whether a write was refused by a server that has been made read-only: the
	 * connection is none the worse for it.
	 */
	boolean isServerReadOnly() {
		return this.verdict.kind() == FailureVerdict.Kind.UNAVAILABLE && READ_ONLY.equals(this.verdict.reason());
	}

	/**
	 * Return whether nobody knows whether the transaction was committed. A connection
	 * that is not guarded can't tell why its COMMIT failed.
	 * @return whether the transaction may have been committed, or not
	 */
	boolean isUnknown() {
		if (this.guarded) {
			return this.outcome == TransactionOutcome.UNKNOWN;
		}
		return switch (this.verdict.kind()) {
			case DISCONNECT, UNAVAILABLE -> this.outcome == TransactionOutcome.UNKNOWN || isUnobservedCommit();
			case SERIALIZATION_FAILURE, DEADLOCK -> this.outcome == TransactionOutcome.UNKNOWN && !this.committing;
			case OTHER -> false;
		};
	}

	private boolean isUnobservedCommit() {
		return this.committing && this.outcome != TransactionOutcome.COMMITTED;
	}

}
