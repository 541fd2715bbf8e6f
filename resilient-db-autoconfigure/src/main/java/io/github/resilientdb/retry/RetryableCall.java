package io.github.resilientdb.retry;

import java.time.Duration;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.github.resilientdb.retry.method.Selection;
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

	/**
	 * What holds for the calls of one method or template.
	 *
	 * @param call names the calls for meters
	 * @param selection what makes the calls retryable
	 * @param name the name for logs
	 * @param transactionName the name that the transactions of the calls have,
	 * {@code null} if it may be any
	 * @param maxAttempts the number of attempts, the first included
	 * @param deadline how long a call may go on trying
	 * @param rerunIfUnknown whether to rerun on an unknown outcome
	 * @param budget stands for the budget that the reruns are taken from
	 */
	record CallSettings(CallName call, Selection selection, String name, @Nullable String transactionName,
			int maxAttempts, Duration deadline, boolean rerunIfUnknown, Object budget) {

	}

}
