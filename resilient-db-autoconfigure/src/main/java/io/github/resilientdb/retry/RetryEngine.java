package io.github.resilientdb.retry;

import org.jspecify.annotations.Nullable;

/**
 * Runs the loop: repeats {@link RetryableCall#attempt()} until it returns or is not to be
 * rerun.
 */
interface RetryEngine {

	/**
	 * Rerun a call whose first attempt failed and is to be rerun. Calls that succeed at
	 * once, nearly all of them, need no loop.
	 * @param call the call
	 * @param failure what the first attempt threw
	 * @return what the attempt returned that succeeded
	 * @throws Throwable what the last attempt threw
	 */
	@Nullable Object rerun(RetryableCall call, Throwable failure) throws Throwable;

}
