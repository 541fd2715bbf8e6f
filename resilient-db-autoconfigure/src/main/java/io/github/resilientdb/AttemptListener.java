package io.github.resilientdb;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * Receives each attempt of a retryable call, on the thread that runs it. Calls may nest:
 * an attempt of an inner call begins and ends within one of the outer call.
 * <p>
 * What an implementation throws is logged and changes nothing, unless a method says
 * otherwise.
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
	 * An attempt is about to begin; no transaction of it is active yet.
	 * @param call names the call, for people: the class and the method, or the name of
	 * the template's transaction
	 * @param arguments the arguments of the method, the same for each attempt; empty for
	 * the template
	 */
	default void attemptStarting(String call, @Nullable Object[] arguments) {
		attemptStarting(call);
	}

	/**
	 * The attempt returned, or threw and is not going to be rerun.
	 * @param connectionLost whether a connection was lost while it ran (a commit may have
	 * been verified on another one)
	 */
	default void attemptCompleted(boolean connectionLost) {
	}

	/**
	 * The attempt failed, its transaction is over and was not committed, and it is going
	 * to be rerun.
	 * @throws InvalidDataAccessApiUsageException if the next attempt would begin with
	 * something that this one changed: the call throws it instead of being rerun
	 */
	default void attemptDiscarded() {
	}

}
