package io.github.resilientdb;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Receives what happens to the connections of the pools, on the thread on which it
 * happens. Implementations must be thread-safe and quick, and must not use the database.
 * What they throw is logged and changes nothing.
 * <p>
 * Every {@code reason} is of a bounded set: lower case, words joined by hyphens.
 */
public interface ConnectionPoolListener {

	/**
	 * A physical connection was opened.
	 * @param pool the name of the pool
	 */
	default void connectionOpened(String pool) {
	}

	/**
	 * A physical connection was discarded.
	 * @param pool the name of the pool
	 * @param reason why
	 */
	default void connectionDiscarded(String pool, String reason) {
	}

	/**
	 * A connection was lost, or could not be had.
	 * @param pool the name of the pool
	 * @param reason why
	 * @param phase what it was needed for
	 * @param sqlState the SQLSTATE of the failure, {@code null} if it had none
	 */
	default void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
	}

	/**
	 * Older connections are not lent any more, or only after proof of life.
	 * @param pool the name of the pool
	 * @param reason why
	 * @param connections how many connections that concerns
	 */
	default void invalidated(String pool, String reason, int connections) {
	}

	/**
	 * A connection was asked for a sign of life, in a round trip.
	 * @param pool the name of the pool
	 * @param alive whether it answered
	 * @param took how long that took
	 */
	default void pinged(String pool, boolean alive, Duration took) {
	}

	/**
	 * The outcome of a lost COMMIT was looked for.
	 * @param pool the name of the pool
	 * @param outcome {@code committed}, {@code not_committed} or {@code unknown}
	 * @param took how long that took
	 */
	default void commitVerified(String pool, String outcome, Duration took) {
	}

	/**
	 * An outage begins: a connection could not be opened.
	 * @param pool the name of the pool
	 * @param reason why
	 */
	default void outageBegan(String pool, String reason) {
	}

	/**
	 * An outage is over: the database answered.
	 * @param pool the name of the pool
	 * @param length the time since the first connection that could not be opened
	 */
	default void outageEnded(String pool, Duration length) {
	}

	/**
	 * The pool was closed during an outage, so nobody sees its end.
	 * @param pool the name of the pool
	 */
	default void outageAbandoned(String pool) {
	}

	/**
	 * What a connection was needed for when it was lost.
	 */
	enum Phase {

		/**
		 * It was about to be lent.
		 */
		CHECKOUT,

		/**
		 * It was in use; COMMIT had not been sent.
		 */
		TRANSACTION,

		/**
		 * COMMIT was under way.
		 */
		COMMIT,

		/**
		 * It was being opened.
		 */
		CONNECT

	}

}
