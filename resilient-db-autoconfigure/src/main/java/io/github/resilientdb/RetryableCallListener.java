package io.github.resilientdb;

import java.time.Duration;

/**
 * Receives the lifecycle of each call of a retryable method or template that begins its
 * own transaction, on the thread of the call. Implementations must be thread-safe and
 * quick. What they throw is logged and changes nothing.
 * <p>
 * {@link AttemptListener} receives the attempts within a call.
 */
public interface RetryableCallListener {

	/**
	 * A method was found to be retryable. Called once for each, when the proxy of its
	 * bean is made or soon after, and before its first call where possible.
	 * @param call names the calls of the method
	 */
	default void callKnown(CallName call) {
	}

	/**
	 * A call begins.
	 * @param call names the call
	 * @param label names it for people: the same, or the name of the template's
	 * transaction
	 * @return receives what happens to the call
	 */
	RunningCall callStarting(CallName call, String label);

	/**
	 * Receives what happens to one call, on its thread.
	 */
	interface RunningCall {

		/**
		 * An attempt failed for a reason that can be rerun for, whether or not it is
		 * going to be.
		 * @param attempt the attempt
		 */
		default void attemptFailed(FailedAttempt attempt) {
		}

		/**
		 * The back-off after a failed attempt is over, and the next one begins.
		 * @param attempt the attempt that failed
		 */
		default void rerunning(FailedAttempt attempt) {
		}

		/**
		 * The call returns. This is the last message.
		 * @param recovered whether it was rerun, began again after it had waited in vain
		 * for a connection, or lost one and its commit was verified
		 */
		default void returned(boolean recovered) {
		}

		/**
		 * The call throws. This is the last message.
		 * @param outcome {@code exhausted}, {@code rejected}, {@code unknown},
		 * {@code interrupted}, or {@code error} if there was no reason to rerun
		 * @param attempts how many attempts there were
		 * @param failure what it throws
		 */
		default void failed(String outcome, int attempts, Throwable failure) {
		}

	}

	/**
	 * An attempt that failed.
	 *
	 * @param number the number of the attempt, from 1 on
	 * @param waiting whether nothing had been done because no connection could be had,
	 * which does not count as an attempt
	 * @param kind {@code disconnect}, {@code serialization-failure} or {@code deadlock}
	 * @param reason why exactly, of a bounded set: lower case, words joined by hyphens
	 * @param willBeRerun whether the call is going to be rerun
	 * @param delay how long it waits before that
	 * @param failure what the attempt threw
	 */
	record FailedAttempt(int number, boolean waiting, String kind, String reason, boolean willBeRerun, Duration delay,
			Throwable failure) {

	}

}
