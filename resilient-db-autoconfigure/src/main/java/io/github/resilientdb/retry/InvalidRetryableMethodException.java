package io.github.resilientdb.retry;

/**
 * A method is annotated with
 * {@link io.github.resilientdb.RetryableTransaction @RetryableTransaction} in a way that
 * can't work. Stops start-up.
 */
@SuppressWarnings("serial")
public final class InvalidRetryableMethodException extends IllegalStateException {

	private final String method;

	private final String rule;

	private final String action;

	/**
	 * Create the exception.
	 * @param method the method or class
	 * @param rule what is wrong: the value, and the rule that it breaks
	 * @param action what to do instead
	 */
	InvalidRetryableMethodException(String method, String rule, String action) {
		super("Invalid @RetryableTransaction on %s: %s".formatted(method, rule));
		this.method = method;
		this.rule = rule;
		this.action = action;
	}

	/**
	 * Return the method or class.
	 * @return its name
	 */
	public String getMethod() {
		return this.method;
	}

	/**
	 * Return what is wrong.
	 * @return the value, and the rule that it breaks
	 */
	public String getRule() {
		return this.rule;
	}

	/**
	 * Return what to do instead.
	 * @return the action
	 */
	public String getAction() {
		return this.action;
	}

}
