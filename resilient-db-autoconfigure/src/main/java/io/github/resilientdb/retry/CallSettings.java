package io.github.resilientdb.retry;

import java.time.Duration;

import io.github.resilientdb.CallName;
import io.github.resilientdb.retry.method.Selection;
import org.jspecify.annotations.Nullable;

/**
 * What holds for the calls of one method or template.
 *
 * @param call names the calls for meters
 * @param selection what makes the calls retryable
 * @param name the name for logs
 * @param transactionName the name that the transactions of the calls have, {@code null}
 * if any
 * @param maxAttempts the number of attempts, the first included
 * @param deadline how long a call may go on trying
 * @param rerunIfUnknown whether to rerun on an unknown outcome
 * @param budget stands for the budget that the reruns are taken from
 */
record CallSettings(CallName call, Selection selection, String name, @Nullable String transactionName, int maxAttempts,
		Duration deadline, boolean rerunIfUnknown, Object budget) {

}
