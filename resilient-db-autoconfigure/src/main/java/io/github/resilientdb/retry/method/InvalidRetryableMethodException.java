package io.github.resilientdb.retry.method;

/**
 * A method is annotated with
 * {@link io.github.resilientdb.RetryableTransaction @RetryableTransaction}, or selected
 * by {@code resilientdb.retry.methods}, and can't be rerun. Stops start-up.
 */
@SuppressWarnings("serial")
public final class InvalidRetryableMethodException extends IllegalStateException {

	private final String origin;

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
		this(Selection.METHOD.origin(), method, rule, action);
	}

	/**
	 * Create the exception.
	 * @param method the method
	 * @param rule what is wrong: the value, and the rule that it breaks
	 * @param action what to do instead
	 */
	InvalidRetryableMethodException(RetryableMethod method, String rule, String action) {
		this(method.selection().origin(), method.name(), rule, (method.selection() != Selection.PROPERTY) ? action
				: action + " Or write patterns that don't select it.");
	}

	private InvalidRetryableMethodException(String origin, String method, String rule, String action) {
		super("Invalid %s on %s: %s".formatted(origin, method, rule));
		this.origin = origin;
		this.method = method;
		this.rule = rule;
		this.action = action;
	}

	/**
	 * Return what makes the method retryable.
	 * @return the annotation or the property
	 */
	public String getOrigin() {
		return this.origin;
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
