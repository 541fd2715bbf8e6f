package io.github.resilientdb.pool.guard;

/**
 * What may be open on a connection, as far as its guard can see.
 */
enum TransactionState {

	/** Each statement is a transaction of its own. */
	AUTO_COMMIT,

	/** Nothing was done since the last transaction ended. */
	NOTHING,

	/** Something was called that may have begun a transaction, but executed nothing. */
	OPEN,

	/** The application has the driver's connection, and may have executed anything. */
	EXPOSED,

	/** Something was executed. */
	WORK;

	TransactionState on(Signal signal) {
		if (this == AUTO_COMMIT) {
			return (signal == Signal.AUTO_COMMIT_OFF) ? NOTHING : AUTO_COMMIT;
		}
		return switch (signal) {
			case USED -> (this == NOTHING) ? OPEN : this;
			case DRIVER_EXPOSED -> (this == WORK) ? WORK : EXPOSED;
			case EXECUTED -> WORK;
			case ENDED -> NOTHING;
			case AUTO_COMMIT_ON -> AUTO_COMMIT;
			case AUTO_COMMIT_OFF -> this;
		};
	}

	/**
	 * Return whether there may be something to commit.
	 * @param dead whether the connection is dead, so that a transaction on which nothing
	 * was executed is not worth a failure
	 */
	boolean mayHaveToCommit(boolean dead) {
		return switch (this) {
			case AUTO_COMMIT, NOTHING -> false;
			case OPEN -> !dead;
			case EXPOSED, WORK -> true;
		};
	}

	/**
	 * Return whether anything may be open.
	 */
	boolean isOpen() {
		return this == OPEN || this == EXPOSED || this == WORK;
	}

	/**
	 * What is done on a connection.
	 */
	enum Signal {

		USED, DRIVER_EXPOSED, EXECUTED, ENDED, AUTO_COMMIT_ON, AUTO_COMMIT_OFF

	}

}
