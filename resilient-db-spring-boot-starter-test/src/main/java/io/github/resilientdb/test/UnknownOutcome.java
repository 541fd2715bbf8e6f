package io.github.resilientdb.test;

import org.jspecify.annotations.Nullable;

import org.springframework.context.PayloadApplicationEvent;

/**
 * How the starter says that nobody knows whether a transaction was committed. This module
 * sees none of its types.
 */
final class UnknownOutcome {

	private static final String EXCEPTION = "io.github.resilientdb.TransactionOutcomeUnknownException";

	private static final String EVENT = "io.github.resilientdb.RetryableTransactionEvent$OutcomeUnknown";

	private UnknownOutcome() {
	}

	/**
	 * Return whether an exception says so.
	 */
	static boolean isIn(@Nullable Throwable thrown) {
		for (Throwable current = thrown; current != null; current = current.getCause()) {
			if (current.getClass().getName().equals(EXCEPTION)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Return whether an application event says so.
	 */
	static boolean isTold(Object event) {
		return event instanceof PayloadApplicationEvent<?> published
				&& published.getPayload().getClass().getName().equals(EVENT);
	}

}
