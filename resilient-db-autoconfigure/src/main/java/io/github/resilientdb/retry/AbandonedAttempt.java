package io.github.resilientdb.retry;

import io.github.resilientdb.FailureVerdict;

/**
 * An attempt that lost a connection whose backend isn't known to be gone: its locks may
 * be in the way of the next attempts.
 *
 * @param failure how it failed
 * @param verdict what the failure means
 */
record AbandonedAttempt(CallFailure failure, FailureVerdict verdict) {

}
