package io.github.resilientdb;

import java.time.Duration;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;

/**
 * Runs a transaction and reruns it as a whole, for {@link RetryableTransactionTemplate}.
 * Not meant to be implemented by users.
 */
public interface RerunOperations {

	/**
	 * Run a transaction, and rerun it if it failed for a reason that may pass and is
	 * known not to have been committed.
	 * @param <T> the type of the result
	 * @param transactionManager what begins and ends the transaction
	 * @param definition the definition of the transaction that the work begins
	 * @param options how often and how long to try
	 * @param work the work: one transaction, begun and ended by it
	 * @return what the work returned
	 */
	<T extends @Nullable Object> T execute(PlatformTransactionManager transactionManager,
			TransactionDefinition definition, Options options, Callable<T> work);

	/**
	 * How often and how long to try.
	 *
	 * @param maxAttempts the number of attempts, the first included; 0 for the property
	 * {@code resilientdb.retry.max-attempts}
	 * @param deadline how long the whole call may go on trying, {@code null} for the
	 * property {@code resilientdb.retry.deadline}
	 * @param rerunIfUnknown whether to rerun although the transaction may have been
	 * committed
	 */
	record Options(int maxAttempts, @Nullable Duration deadline, boolean rerunIfUnknown) {

		/**
		 * What the properties say.
		 */
		public static final Options DEFAULT = new Options(0, null, false);

		public Options {
			if (maxAttempts < 0) {
				throw new IllegalArgumentException(
						"Invalid maxAttempts (%d): must be positive, or 0 for the default".formatted(maxAttempts));
			}
			if (deadline != null && (deadline.isZero() || deadline.isNegative())) {
				throw new IllegalArgumentException("Invalid deadline (%s): must be positive".formatted(deadline));
			}
		}

	}

}
