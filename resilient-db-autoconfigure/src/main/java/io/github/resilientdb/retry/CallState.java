package io.github.resilientdb.retry;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.attempt.AbandonedBackends;
import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt of a call hands to the next.
 *
 * @param attempts the number of the attempt, waits for a connection not counted
 * @param contentions how many attempts were rerun for contention
 * @param waits how often no connection could be had
 * @param earlier how the attempts before failed
 * @param backend what those may have left on the server, {@code null} if nothing
 * @param abandoned the last attempt that left something there, {@code null} if none did
 */
record CallState(int attempts, int contentions, int waits, FailureHistory earlier, @Nullable AbandonedBackend backend,
		@Nullable AbandonedAttempt abandoned) {

	static final CallState FIRST = new CallState(1, 0, 0, FailureHistory.NONE, null, null);

	/**
	 * Return whether the attempt repeats an earlier one.
	 */
	boolean isRerun() {
		return this.attempts > 1 || this.waits > 0;
	}

	CallProgress progress(long remaining, boolean budgeted, boolean shuttingDown) {
		return new CallProgress(this.attempts, this.contentions, this.waits, remaining, budgeted, shuttingDown);
	}

	/**
	 * Note what the attempt left on the server.
	 * @param backends what this attempt and those before it left there
	 * @param attempt the attempt
	 */
	CallState leaving(AbandonedBackends backends, AbandonedAttempt attempt) {
		return new CallState(this.attempts, this.contentions, this.waits, this.earlier, backends.latest(),
				backends.hasAbandoned() ? attempt : this.abandoned);
	}

	/**
	 * Note a failure that is not the one that the call ends with.
	 */
	CallState failed(Throwable failure) {
		return new CallState(this.attempts, this.contentions, this.waits, this.earlier.with(failure), this.backend,
				this.abandoned);
	}

	/**
	 * Go on to the next attempt.
	 * @param kind what the rerun counts as
	 * @param failure how this attempt failed
	 */
	CallState rerun(Decision.Rerun.Kind kind, Throwable failure) {
		boolean waited = kind == Decision.Rerun.Kind.WAIT;
		boolean contended = kind == Decision.Rerun.Kind.CONTENTION;
		return new CallState(waited ? this.attempts : this.attempts + 1,
				contended ? this.contentions + 1 : this.contentions, waited ? this.waits + 1 : this.waits,
				this.earlier.with(failure), this.backend, this.abandoned);
	}

	/**
	 * An attempt that lost a connection whose backend isn't known to be gone: its locks
	 * may be in the way of the next attempts.
	 *
	 * @param failure how it failed
	 * @param verdict what the failure means
	 */
	record AbandonedAttempt(CallFailure failure, FailureVerdict verdict) {

	}

	/**
	 * How far a call is when an attempt failed.
	 *
	 * @param attempts the number of attempts so far, waits for a connection not counted
	 * @param contentions how many of them were rerun for contention
	 * @param waits how often no connection could be had so far
	 * @param remaining what is left until the deadline, in nanoseconds
	 * @param budgeted whether the budget permits another rerun
	 * @param shuttingDown whether the application is shutting down
	 */
	record CallProgress(int attempts, int contentions, int waits, long remaining, boolean budgeted,
			boolean shuttingDown) {

	}

}
