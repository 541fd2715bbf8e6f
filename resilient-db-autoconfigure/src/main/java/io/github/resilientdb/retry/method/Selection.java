package io.github.resilientdb.retry.method;

/**
 * What made a call retryable.
 */
public enum Selection {

	/**
	 * The annotation on its method.
	 */
	METHOD("@RetryableTransaction"),

	/**
	 * The annotation on its type.
	 */
	TYPE("@RetryableTransaction"),

	/**
	 * The template that runs it.
	 */
	TEMPLATE("RetryableTransactionTemplate"),

	/**
	 * That it is a call of a library, whose reruns are known to be harmless.
	 */
	LIBRARY("resilient-db"),

	/**
	 * Nothing but the property: nobody has looked at that code with reruns in mind.
	 */
	PROPERTY(Selection.METHODS);

	/**
	 * The property that selects methods by patterns.
	 */
	public static final String METHODS = "resilientdb.retry.methods";

	private final String origin;

	Selection(String origin) {
		this.origin = origin;
	}

	/**
	 * Return what it is called in messages.
	 * @return the annotation or the property
	 */
	public String origin() {
		return this.origin;
	}

	/**
	 * Return whether a rerun may repeat what the failed attempt did for good: its
	 * independent transactions and statements in auto-commit mode.
	 * @return whether somebody has agreed to that
	 */
	public boolean mayRepeatIndependentWork() {
		return this != PROPERTY && this != LIBRARY;
	}

}
