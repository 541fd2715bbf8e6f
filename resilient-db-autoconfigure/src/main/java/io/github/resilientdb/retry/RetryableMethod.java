package io.github.resilientdb.retry;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RerunOperations.Options;

import org.springframework.transaction.TransactionDefinition;

/**
 * What the annotation says of a method.
 *
 * @param call names the calls
 * @param name the qualified name, which its transactions bear too
 * @param propagation the propagation behaviour
 * @param transactionManager the qualifier of the transaction manager
 * @param options how often and how long to try
 */
record RetryableMethod(CallName call, String name, int propagation, String transactionManager, Options options) {

	/**
	 * A method that is not retryable.
	 */
	static final RetryableMethod NONE = new RetryableMethod(CallName.TEMPLATE, "",
			TransactionDefinition.PROPAGATION_NEVER, "", Options.DEFAULT);

	/**
	 * Return whether calls can ever be rerun.
	 * @return whether the method may begin a transaction
	 */
	boolean isRerunnable() {
		return switch (this.propagation) {
			case TransactionDefinition.PROPAGATION_REQUIRED, TransactionDefinition.PROPAGATION_REQUIRES_NEW,
					TransactionDefinition.PROPAGATION_NESTED ->
				true;
			default -> false;
		};
	}

}
