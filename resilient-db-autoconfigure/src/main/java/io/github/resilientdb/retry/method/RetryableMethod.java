package io.github.resilientdb.retry.method;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RerunOperations.Options;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionDefinition;

/**
 * What holds for a method.
 *
 * @param call names the calls
 * @param selection what makes it retryable
 * @param name the qualified name, for logs
 * @param transactionName the name of its transactions
 * @param propagation the propagation behaviour
 * @param transactionManager the qualifier of the transaction manager
 * @param options how often and how long to try
 */
public record RetryableMethod(CallName call, Selection selection, String name, String transactionName, int propagation,
		String transactionManager, Options options) {

	/**
	 * A method that is not retryable.
	 */
	public static final RetryableMethod NONE = new RetryableMethod(CallName.TEMPLATE, Selection.TEMPLATE, "", "",
			TransactionDefinition.PROPAGATION_NEVER, "", Options.DEFAULT);

	// There is one for each method, and it is looked up with each call: identity will do

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public int hashCode() {
		return System.identityHashCode(this);
	}

	/**
	 * Return whether anything makes the method retryable.
	 * @return whether it is not {@link #NONE}
	 */
	public boolean isRetryable() {
		return !equals(NONE);
	}

	/**
	 * Return whether calls can ever be rerun.
	 * @return whether the method may begin a transaction
	 */
	public boolean isRerunnable() {
		return switch (this.propagation) {
			case TransactionDefinition.PROPAGATION_REQUIRED, TransactionDefinition.PROPAGATION_REQUIRES_NEW,
					TransactionDefinition.PROPAGATION_NESTED ->
				true;
			default -> false;
		};
	}

}
