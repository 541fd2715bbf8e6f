package io.github.resilientdb.pool.guard;

/**
 * Whether a connection can be lent and used, and what follows from what happens to it.
 */
enum ConnectionState {

	/** It is alive, as far as anyone knows, and was not lent yet. */
	OPEN,

	/** It is or was lent; a returned one stays so until it is lent again. */
	LENT,

	/** It was not fit to be lent, and is going to be discarded. */
	REFUSED,

	/** It is dead, or was given up: nothing is sent on it any more. */
	LOST,

	/** It belongs to somebody else. */
	DETACHED;

	ConnectionState on(Signal signal) {
		return switch (this) {
			case OPEN, LENT -> switch (signal) {
				case LEND -> LENT;
				case REFUSE -> REFUSED;
				case LOSE -> LOST;
				case DETACH -> DETACHED;
			};
			case REFUSED -> switch (signal) {
				case LEND, REFUSE -> REFUSED;
				case LOSE -> LOST;
				case DETACH -> DETACHED;
			};
			case LOST -> LOST;
			case DETACHED -> DETACHED;
		};
	}

	/**
	 * Return whether it can't be used any more.
	 */
	boolean isOver() {
		return this == LOST || this == DETACHED;
	}

	/**
	 * What happens to a connection.
	 */
	enum Signal {

		LEND, REFUSE, LOSE, DETACH

	}

}
