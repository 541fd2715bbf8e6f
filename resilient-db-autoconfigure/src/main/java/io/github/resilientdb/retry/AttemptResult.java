package io.github.resilientdb.retry;

import java.time.Duration;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.retry.Decision.CallOutcome;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * How an attempt ended, and what follows from it.
 */
sealed interface AttemptResult {

	/**
	 * It returned, and the call returns.
	 *
	 * @param value what it returned
	 * @param recovered whether it returned only because something was done about a
	 * failure: an earlier attempt failed, or this one lost a connection
	 */
	record Returned(@Nullable Object value, boolean recovered) implements AttemptResult {

	}

	/**
	 * It threw, and is rerun or ends the call.
	 *
	 * @param state what the attempts up to this one hand on
	 * @param attempt what is known of the attempt
	 * @param thrown what the attempt threw
	 * @param failure what the call ends with if this was the last attempt
	 * @param decision whether it is
	 */
	record Failed(CallState state, FailedAttempt attempt, Throwable thrown, CallFailure failure,
			Decision decision) implements AttemptResult {

		/**
		 * Create the end of a call whose attempt could not be judged: for want of memory,
		 * say.
		 */
		static Failed unjudged(CallState state, Throwable thrown) {
			return unjudged(state, thrown, false);
		}

		/**
		 * Create one for what can't be judged.
		 * @param unknown whether nobody knows if the attempt was committed
		 */
		static Failed unjudged(CallState state, Throwable thrown, boolean unknown) {
			return new Failed(state, FailedAttempt.UNOBSERVED, thrown, new CallFailure(thrown, null, unknown),
					new Decision.Fail(CallOutcome.ERROR));
		}

		boolean isToBeRerun() {
			return this.decision instanceof Decision.Rerun;
		}

		/**
		 * Return whether it failed for a reason for which calls are rerun, whether or not
		 * this one is going to be.
		 */
		boolean hadReason() {
			return isToBeRerun() || outcome() != CallOutcome.ERROR;
		}

		Duration delay() {
			return (this.decision instanceof Decision.Rerun rerun) ? rerun.delay() : Duration.ZERO;
		}

		/**
		 * Return how the call ends.
		 */
		CallOutcome outcome() {
			return (this.decision instanceof Decision.Fail fail) ? fail.outcome() : CallOutcome.ERROR;
		}

		/**
		 * End the call after all.
		 */
		Failed ending(CallOutcome outcome) {
			return ending(outcome, this.failure);
		}

		Failed refused(InvalidDataAccessApiUsageException refusal) {
			return ending(CallOutcome.REJECTED, this.failure.refused(refusal));
		}

		Failed interrupted(String call) {
			return ending(CallOutcome.INTERRUPTED, this.failure.interrupted(call));
		}

		private Failed ending(CallOutcome outcome, CallFailure failure) {
			return new Failed(this.state, this.attempt, this.thrown, failure, new Decision.Fail(outcome));
		}

		/**
		 * Return what the next attempt begins with.
		 */
		CallState next() {
			return (this.decision instanceof Decision.Rerun rerun)
					? this.state.rerun(rerun.kind(), this.failure.thrown()) : this.state;
		}

		/**
		 * Return what the listeners of the call receive.
		 */
		RetryableCallListener.FailedAttempt report() {
			FailureVerdict verdict = this.attempt.verdict();
			RetryReason reason = RetryReason.of(verdict.kind());
			return new RetryableCallListener.FailedAttempt(this.state.attempts(),
					this.attempt.outcome() == TransactionOutcome.NOT_BEGUN,
					((reason != null) ? reason : RetryReason.DISCONNECT).tag(), verdict.reason(), isToBeRerun(),
					delay(), this.thrown);
		}

	}

}
