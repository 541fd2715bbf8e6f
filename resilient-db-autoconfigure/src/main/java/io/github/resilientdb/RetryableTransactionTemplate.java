package io.github.resilientdb;

import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The programmatic twin of {@link RetryableTransaction @RetryableTransaction}: runs a
 * callback in a transaction, and reruns it as a whole under the same rules and with the
 * same guarantees. For code that is not called through a proxy.
 * <p>
 * Propagation, isolation, timeout, read-only flag and name are those of Spring's
 * {@link TransactionTemplate}. Within a transaction that is already active the callback
 * takes part in that one, and is not rerun by itself.
 * <p>
 * Thread-safe once configured. The bean is shared: don't change it, take a changed copy,
 * for example {@code template.with((copy) -> copy.setReadOnly(true))}.
 */
@SuppressWarnings("serial")
public class RetryableTransactionTemplate extends DefaultTransactionDefinition implements TransactionOperations {

	private final transient PlatformTransactionManager transactionManager;

	private final transient RerunOperations reruns;

	private transient RerunOperations.Options options = RerunOperations.Options.DEFAULT;

	/**
	 * Create a template.
	 * @param transactionManager the transaction manager to use
	 * @param reruns what reruns the callback
	 */
	public RetryableTransactionTemplate(PlatformTransactionManager transactionManager, RerunOperations reruns) {
		this.transactionManager = transactionManager;
		this.reruns = reruns;
	}

	private RetryableTransactionTemplate(RetryableTransactionTemplate other,
			PlatformTransactionManager transactionManager) {
		super(other);
		this.transactionManager = transactionManager;
		this.reruns = other.reruns;
		this.options = other.options;
	}

	/**
	 * Return a changed copy of this template.
	 * @param change what to change; called once, with the copy
	 * @return the copy
	 */
	public RetryableTransactionTemplate with(Consumer<RetryableTransactionTemplate> change) {
		RetryableTransactionTemplate copy = new RetryableTransactionTemplate(this, this.transactionManager);
		change.accept(copy);
		return copy;
	}

	/**
	 * Return a copy of this template for another transaction manager.
	 * @param transactionManager the transaction manager to use
	 * @return the copy
	 */
	public RetryableTransactionTemplate withTransactionManager(PlatformTransactionManager transactionManager) {
		return new RetryableTransactionTemplate(this, transactionManager);
	}

	/**
	 * Set how often the callback may run in all, the first time included.
	 * @param maxAttempts the number of attempts; 0 for the property
	 * {@code resilientdb.retry.max-attempts}
	 * @see RetryableTransaction#maxAttempts()
	 */
	public final void setMaxAttempts(int maxAttempts) {
		this.options = new RerunOperations.Options(maxAttempts, this.options.deadline(), this.options.rerunIfUnknown());
	}

	/**
	 * Set how long the whole call may go on trying.
	 * @param deadline the time, from the call on; {@code null} for the property
	 * {@code resilientdb.retry.deadline}
	 * @see RetryableTransaction#deadline()
	 */
	public final void setDeadline(@Nullable Duration deadline) {
		this.options = new RerunOperations.Options(this.options.maxAttempts(), deadline, this.options.rerunIfUnknown());
	}

	/**
	 * Set whether to rerun even if nobody can know whether the lost transaction was
	 * committed. <strong>It may then be applied twice.</strong>
	 * @param rerunIfUnknown whether to rerun on an unknown outcome
	 * @see RetryableTransaction#rerunIfUnknown()
	 */
	public final void setRerunIfUnknown(boolean rerunIfUnknown) {
		this.options = new RerunOperations.Options(this.options.maxAttempts(), this.options.deadline(), rerunIfUnknown);
	}

	@Override
	public <T extends @Nullable Object> T execute(TransactionCallback<T> action) {
		TransactionDefinition definition = new DefaultTransactionDefinition(this);
		TransactionTemplate transactions = new TransactionTemplate(this.transactionManager, definition);
		return this.reruns.execute(this.transactionManager, definition, this.options,
				() -> transactions.execute(action));
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (super.equals(other) && (!(other instanceof RetryableTransactionTemplate template)
				|| (this.transactionManager == template.transactionManager && this.options.equals(template.options))));
	}

	@Override
	public int hashCode() {
		return super.hashCode();
	}

}
