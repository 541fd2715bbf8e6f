package io.github.resilientdb.retry;

import io.github.resilientdb.RetryableCallListener.RunningCall;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its first attempt to its end.
 *
 * @param settings what holds for all calls of the method
 * @param budget what its reruns are taken from
 * @param body what an attempt runs
 * @param arguments what the method was called with
 * @param deadline when it gives up trying, as a value of {@link System#nanoTime()}
 * @param running receives what happens to it
 */
record RetryableCall(CallSettings settings, RetryBudget budget, AttemptBody body, @Nullable Object[] arguments,
		long deadline, RunningCall running) {

	String name() {
		return this.settings.name();
	}

	/**
	 * What an attempt runs.
	 */
	@FunctionalInterface
	interface AttemptBody {

		@Nullable Object run() throws Throwable;

	}

}
