package io.github.resilientdb.retry.method;

import io.github.resilientdb.RetryableTransaction;

import org.springframework.transaction.interceptor.DelegatingTransactionAttribute;
import org.springframework.transaction.interceptor.TransactionAttribute;

/**
 * A transaction attribute that comes from
 * {@link RetryableTransaction @RetryableTransaction}.
 */
@SuppressWarnings("serial")
final class RetryableTransactionAttribute extends DelegatingTransactionAttribute {

	private final transient TransactionAttribute target;

	private final transient RetryableTransaction annotation;

	private final boolean onMethod;

	RetryableTransactionAttribute(TransactionAttribute target, RetryableTransaction annotation, boolean onMethod) {
		super(target);
		this.target = target;
		this.annotation = annotation;
		this.onMethod = onMethod;
	}

	/**
	 * Return what the annotation says of the transaction alone.
	 * @return the attribute, with its rules
	 */
	TransactionAttribute target() {
		return this.target;
	}

	RetryableTransaction annotation() {
		return this.annotation;
	}

	/**
	 * Return whether the method itself is annotated, and not its class.
	 * @return whether it is on a method
	 */
	boolean isOnMethod() {
		return this.onMethod;
	}

}
