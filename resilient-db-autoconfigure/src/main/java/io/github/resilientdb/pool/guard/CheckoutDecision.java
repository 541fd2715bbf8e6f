package io.github.resilientdb.pool.guard;

import io.github.resilientdb.pool.settings.PoolSettings.PrePing;

/**
 * What a connection must pass before it is lent.
 */
enum CheckoutDecision {

	/**
	 * Nothing.
	 */
	LEND,

	/**
	 * A local look at its socket; if that raises doubt, a round trip.
	 */
	LOOK,

	/**
	 * A round trip.
	 */
	ASK;

	/**
	 * Decide for a connection that is not known dead.
	 * @param prePing the configured mode
	 * @param suspect whether it is older than an incident and has not been heard from
	 * since
	 * @param idle how long it was idle, in nanoseconds
	 * @param pingAfter the idle time after which the check is a round trip, in
	 * nanoseconds
	 * @return what it must pass
	 */
	static CheckoutDecision of(PrePing prePing, boolean suspect, long idle, long pingAfter) {
		if (suspect) {
			return ASK;
		}
		if (prePing == PrePing.OFF) {
			return LEND;
		}
		if (idle > pingAfter) {
			return ASK;
		}
		return (prePing == PrePing.ALWAYS) ? LOOK : LEND;
	}

}
