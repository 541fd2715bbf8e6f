package io.github.resilientdb.retry;

import org.jspecify.annotations.Nullable;

/**
 * Runs the loop: repeats {@link RetryableCall#attempt()} until it returns or is not to be
 * rerun.
 */
interface RetryEngine {

	/**
	 * Run a call.
	 * @param call the call
	 * @return what the attempt returned that succeeded
	 * @throws Throwable what the last attempt threw
	 */
	@Nullable Object execute(RetryableCall call) throws Throwable;

}
