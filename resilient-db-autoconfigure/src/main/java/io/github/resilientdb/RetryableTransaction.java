package io.github.resilientdb;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * A {@link Transactional @Transactional} that survives a lost connection: the whole
 * method is rerun in a new transaction, on another connection, if and only if the
 * transaction of the failed attempt is known not to have been committed.
 * <p>
 * When the outermost annotated call that began its own transaction returns, that
 * transaction was committed exactly once (or rolled back, if the method marked it so).
 * When it throws, the transaction was not committed, unless the exception is a
 * {@link TransactionOutcomeUnknownException}, or the rollback rules commit on that
 * exception, or a callback after the commit threw it, or {@link #rerunIfUnknown()} is
 * set. Effects outside the database are repeated with each attempt.
 * <p>
 * Works on public, protected and package-private methods that are called through the
 * Spring proxy, on classes and on interfaces, and is inherited; the most specific
 * annotation wins, as with {@code @Transactional}. On the interface of a Spring Data
 * repository it covers inherited methods too; what it leaves at the default comes from
 * the repository's own transactions then. A method that joins a transaction which is
 * already active is never rerun by itself: the outermost one is.
 * <p>
 * What is rerun is configured by {@code resilientdb.retry.reasons}; the attributes here
 * override {@code resilientdb.retry.max-attempts} and {@code resilientdb.retry.deadline}
 * for one method.
 */
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@Transactional
public @interface RetryableTransaction {

	/**
	 * Alias for {@link #transactionManager}.
	 * @return the qualifier or bean name of the transaction manager
	 */
	@AliasFor(annotation = Transactional.class, attribute = "value")
	String value() default "";

	/**
	 * The transaction manager to use.
	 * @return its qualifier or bean name; empty for the default one
	 * @see Transactional#transactionManager()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "transactionManager")
	String transactionManager() default "";

	/**
	 * Labels that a transaction manager may evaluate.
	 * @return the labels
	 * @see Transactional#label()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "label")
	String[] label() default {};

	/**
	 * The propagation. Only a call that begins its own transaction is rerun:
	 * {@code REQUIRED} and {@code NESTED} without an outer transaction, and
	 * {@code REQUIRES_NEW}.
	 * @return the propagation
	 * @see Transactional#propagation()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "propagation")
	Propagation propagation() default Propagation.REQUIRED;

	/**
	 * The isolation level.
	 * @return the isolation level
	 * @see Transactional#isolation()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "isolation")
	Isolation isolation() default Isolation.DEFAULT;

	/**
	 * The timeout of each attempt, in seconds.
	 * @return the timeout in seconds
	 * @see Transactional#timeout()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "timeout")
	int timeout() default TransactionDefinition.TIMEOUT_DEFAULT;

	/**
	 * The timeout of each attempt as a string, in seconds, placeholders allowed.
	 * @return the timeout in seconds
	 * @see Transactional#timeoutString()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "timeoutString")
	String timeoutString() default "";

	/**
	 * Whether the transaction only reads. A read-only transaction has no outcome to lose:
	 * it is rerun whenever its connection is lost.
	 * @return whether the transaction only reads
	 * @see Transactional#readOnly()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "readOnly")
	boolean readOnly() default false;

	/**
	 * Exception types that roll back.
	 * @return the exception types
	 * @see Transactional#rollbackFor()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "rollbackFor")
	Class<? extends Throwable>[] rollbackFor() default {};

	/**
	 * Names of exception types that roll back.
	 * @return the exception name patterns
	 * @see Transactional#rollbackForClassName()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "rollbackForClassName")
	String[] rollbackForClassName() default {};

	/**
	 * Exception types that commit.
	 * @return the exception types
	 * @see Transactional#noRollbackFor()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "noRollbackFor")
	Class<? extends Throwable>[] noRollbackFor() default {};

	/**
	 * Names of exception types that commit.
	 * @return the exception name patterns
	 * @see Transactional#noRollbackForClassName()
	 */
	@AliasFor(annotation = Transactional.class, attribute = "noRollbackForClassName")
	String[] noRollbackForClassName() default {};

	/**
	 * How often the method may run in all, <em>the first time included</em>. This differs
	 * from {@code maxRetries} of Spring Framework's
	 * {@code org.springframework.resilience.annotation.Retryable}, which does not count
	 * the first time: {@code maxAttempts = 5} is {@code maxRetries = 4}. A wait for a
	 * connection is not an attempt.
	 * @return the number of attempts; 0 for the property
	 * {@code resilientdb.retry.max-attempts}
	 */
	int maxAttempts() default 0;

	/**
	 * How long the whole call may go on trying: waiting for connections, attempts,
	 * back-off and finding the outcome of a lost COMMIT. A running attempt is not cut by
	 * it (see {@link #timeout()}), but nothing is started after it.
	 * @return a duration such as {@code "10s"} or {@code "PT10S"}, placeholders allowed;
	 * empty for the property {@code resilientdb.retry.deadline}
	 */
	String deadline() default "";

	/**
	 * Whether to rerun even if nobody can know whether the lost transaction was
	 * committed. <strong>It may then be applied twice</strong>: only for work that may
	 * be.
	 * @return whether to rerun on an unknown outcome
	 */
	boolean rerunIfUnknown() default false;

}
