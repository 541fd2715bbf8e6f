package io.github.resilientdb;

import org.springframework.util.Assert;

/**
 * Names the calls of one retryable method, or of the
 * {@link RetryableTransactionTemplate}. Of low cardinality: one for each such method.
 *
 * @param type the qualified name of the class
 * @param method the name of the method; overloaded ones share a name
 */
public record CallName(String type, String method) {

	/**
	 * All calls of templates.
	 */
	public static final CallName TEMPLATE = new CallName(RetryableTransactionTemplate.class.getName(), "execute");

	public CallName {
		Assert.hasText(type, "Invalid type (empty): must have text");
		Assert.hasText(method, "Invalid method (empty): must have text");
	}

	@Override
	public String toString() {
		return this.type + "." + this.method;
	}

}
