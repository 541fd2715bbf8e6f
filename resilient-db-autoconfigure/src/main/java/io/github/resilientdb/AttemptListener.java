package io.github.resilientdb;

/**
 * Is told of each attempt of a retryable call, on the thread that runs it. Calls may
 * nest: an attempt of an inner call begins and ends within one of the outer call.
 * <p>
 * What an implementation throws is logged and changes nothing.
 */
public interface AttemptListener {

	/**
	 * An attempt is about to begin; no transaction of it is active yet.
	 * @param call names the call, for people: the class and the method, or the name of
	 * the template's transaction
	 */
	default void attemptStarting(String call) {
	}

	/**
	 * The attempt returned, or threw something after which it is not rerun.
	 * @param connectionLost whether a connection was lost while it ran (a commit may have
	 * been verified on another one)
	 */
	default void attemptCompleted(boolean connectionLost) {
	}

	/**
	 * The attempt failed, its transaction is over and was not committed, and it is going
	 * to be rerun.
	 */
	default void attemptDiscarded() {
	}

}
