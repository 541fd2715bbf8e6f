package io.github.resilientdb.watchdog;

/**
 * What to do about a call that waits.
 */
sealed interface Step {

	/**
	 * Leave it alone, and look again.
	 *
	 * @param nanos when, from now
	 */
	record LookAgain(long nanos) implements Step {

	}

	/**
	 * Close its connection: no answer is going to come.
	 *
	 * @param reason how that is known
	 */
	record Cut(Reason reason) implements Step {

	}

	/**
	 * How it is known that no answer is going to come.
	 */
	enum Reason {

		/**
		 * The server process waits for the next request.
		 */
		BACKEND_WAITS("its server process waits for us"),

		/**
		 * The server process is gone.
		 */
		BACKEND_GONE("its server process is gone"),

		/**
		 * There is another primary.
		 */
		SUPERSEDED("the cluster has a new primary"),

		/**
		 * The server can't be reached.
		 */
		UNREACHABLE("its server can't be reached");

		private final String text;

		Reason(String text) {
			this.text = text;
		}

		String text() {
			return this.text;
		}

	}

}
