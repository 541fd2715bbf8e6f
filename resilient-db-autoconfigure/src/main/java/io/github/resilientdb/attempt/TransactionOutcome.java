package io.github.resilientdb.attempt;

/**
 * What became of a transaction, as its connection saw it.
 */
public enum TransactionOutcome {

	/**
	 * No transaction began.
	 */
	NOT_BEGUN,

	/**
	 * It began; COMMIT was never sent.
	 */
	ACTIVE,

	/**
	 * It was rolled back, or is known not to have been committed.
	 */
	ROLLED_BACK,

	/**
	 * It was committed.
	 */
	COMMITTED,

	/**
	 * COMMIT was under way, and nobody knows.
	 */
	UNKNOWN;

	/**
	 * Return whether this one forbids a rerun more strictly than the other.
	 */
	boolean isWorseThan(TransactionOutcome other) {
		return severity() > other.severity();
	}

	private int severity() {
		return switch (this) {
			case NOT_BEGUN -> 0;
			case ACTIVE, ROLLED_BACK -> 1;
			case UNKNOWN -> 2;
			case COMMITTED -> 3;
		};
	}

}
