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

	/** Something was executed, or could be without the guard's knowing. */
	WORK;

	TransactionState on(Signal signal) {
		return switch (this) {
			case AUTO_COMMIT -> (signal == Signal.AUTO_COMMIT_OFF) ? NOTHING : AUTO_COMMIT;
			case NOTHING, OPEN -> switch (signal) {
				case USED -> OPEN;
				case EXECUTED -> WORK;
				case ENDED -> NOTHING;
				case AUTO_COMMIT_ON -> AUTO_COMMIT;
				case AUTO_COMMIT_OFF -> this;
			};
			case WORK -> switch (signal) {
				case USED, EXECUTED, AUTO_COMMIT_OFF -> WORK;
				case ENDED -> NOTHING;
				case AUTO_COMMIT_ON -> AUTO_COMMIT;
			};
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
			case WORK -> true;
		};
	}

	/**
	 * Return whether anything may be open.
	 */
	boolean isOpen() {
		return this == OPEN || this == WORK;
	}

	/**
	 * What is done on a connection.
	 */
	enum Signal {

		USED, EXECUTED, ENDED, AUTO_COMMIT_ON, AUTO_COMMIT_OFF

	}

}
