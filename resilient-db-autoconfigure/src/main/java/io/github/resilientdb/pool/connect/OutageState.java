package io.github.resilientdb.pool.connect;

/**
 * Whether the database of a pool can be reached, and what follows from what is seen of
 * it.
 */
enum OutageState {

	/** A new connection could be opened, or none was asked for yet. */
	ANSWERING,

	/** None could, and nothing has answered since. */
	OUT,

	/** The pool was closed. */
	CLOSED;

	Transition on(Signal signal) {
		return switch (this) {
			case ANSWERING -> switch (signal) {
				case CONNECT_FAILED -> new Transition(OUT, Report.BEGAN);
				case ANSWERED -> new Transition(ANSWERING, Report.NOTHING);
				case POOL_CLOSED -> new Transition(CLOSED, Report.NOTHING);
			};
			case OUT -> switch (signal) {
				case CONNECT_FAILED -> new Transition(OUT, Report.NOTHING);
				case ANSWERED -> new Transition(ANSWERING, Report.ENDED);
				case POOL_CLOSED -> new Transition(CLOSED, Report.ABANDONED);
			};
			case CLOSED -> new Transition(CLOSED, Report.NOTHING);
		};
	}

	/**
	 * What is seen of the database.
	 */
	enum Signal {

		CONNECT_FAILED, ANSWERED, POOL_CLOSED

	}

	/**
	 * What listeners receive.
	 */
	enum Report {

		NOTHING, BEGAN, ENDED, ABANDONED

	}

	/**
	 * What a signal leads to.
	 *
	 * @param next the state afterwards
	 * @param report what is reported
	 */
	record Transition(OutageState next, Report report) {

	}

}
