package io.github.resilientdb;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A retryable call did not go smoothly. Published as an application event, once and on
 * the thread of the call, outside of its transactions. Take an {@code @EventListener} for
 * one of the records, or for this type to have all.
 * <p>
 * Exceptions are not part of the events, since they may hold on to entities: what tells
 * them apart is.
 */
public sealed interface RetryableTransactionEvent {

	/**
	 * Return what names the call for people: the class and the method, or the name of the
	 * template's transaction.
	 * @return the name
	 */
	String call();

	/**
	 * Return when it happened.
	 * @return the time
	 */
	Instant time();

	/**
	 * The call is rerun.
	 *
	 * @param call names the call
	 * @param time when
	 * @param attempt the number of the attempt that failed, from 1 on
	 * @param reason why it failed
	 * @param delay how long the call waited in between
	 */
	record Rerun(String call, Instant time, int attempt, String reason,
			Duration delay) implements RetryableTransactionEvent {

	}

	/**
	 * The call returned, although it had failed in between or had lost its connection.
	 *
	 * @param call names the call
	 * @param time when
	 */
	record Recovered(String call, Instant time) implements RetryableTransactionEvent {

	}

	/**
	 * The call failed although there was a reason to rerun it.
	 *
	 * @param call names the call
	 * @param time when
	 * @param outcome {@code exhausted} if no attempt or no time was left,
	 * {@code rejected} if the budget was used up, {@code interrupted} if the thread was
	 * interrupted or the application shuts down
	 * @param attempts how many attempts there were
	 * @param exception the class of the exception that it throws
	 */
	record Exhausted(String call, Instant time, String outcome, int attempts,
			String exception) implements RetryableTransactionEvent {

	}

	/**
	 * The call failed, and nobody knows whether its transaction was committed.
	 *
	 * @param call names the call
	 * @param time when
	 * @param reason why nobody knows
	 * @param transaction what identifies the transaction on the server, {@code null} if
	 * nothing does
	 * @param statement the SQL that tells an operator the outcome, {@code null} if none
	 * does
	 */
	record OutcomeUnknown(String call, Instant time, String reason, @Nullable String transaction,
			@Nullable String statement) implements RetryableTransactionEvent {

	}

}
