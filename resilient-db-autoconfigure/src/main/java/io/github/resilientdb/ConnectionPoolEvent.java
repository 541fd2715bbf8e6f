package io.github.resilientdb;

import java.time.Duration;
import java.time.Instant;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import org.jspecify.annotations.Nullable;

/**
 * Something happened to the connections of a pool. Published as an application event,
 * once and on the thread on which it happened; what happens before the beans of the
 * context are complete is published when they are. Write an {@code @EventListener} for
 * one of the records, or for this type to receive them all.
 * <p>
 * A listener is called while the pool is busy with the connection: it must be quick and
 * must not use the database, or be {@code @Async}.
 */
public sealed interface ConnectionPoolEvent {

	/**
	 * Return the name of the pool, as in HikariCP's meters.
	 * @return the name
	 */
	String pool();

	/**
	 * Return when it happened.
	 * @return the time
	 */
	Instant time();

	/**
	 * A physical connection was opened.
	 *
	 * @param pool the name of the pool
	 * @param time when
	 */
	record ConnectionOpened(String pool, Instant time) implements ConnectionPoolEvent {

	}

	/**
	 * A physical connection was discarded.
	 *
	 * @param pool the name of the pool
	 * @param time when
	 * @param reason why
	 */
	record ConnectionDiscarded(String pool, Instant time, String reason) implements ConnectionPoolEvent {

	}

	/**
	 * A connection was lost, or could not be had.
	 *
	 * @param pool the name of the pool
	 * @param time when
	 * @param reason why
	 * @param phase what it was needed for
	 * @param sqlState the SQLSTATE of the failure, {@code null} if it had none
	 */
	record Disconnected(String pool, Instant time, String reason, Phase phase,
			@Nullable String sqlState) implements ConnectionPoolEvent {

	}

	/**
	 * Older connections are not lent any more, or only after proof of life.
	 *
	 * @param pool the name of the pool
	 * @param time when
	 * @param reason why
	 * @param connections how many connections that concerns
	 */
	record Invalidated(String pool, Instant time, String reason, int connections) implements ConnectionPoolEvent {

	}

	/**
	 * An outage began: a connection could not be opened.
	 *
	 * @param pool the name of the pool
	 * @param time when
	 * @param reason why
	 */
	record OutageBegan(String pool, Instant time, String reason) implements ConnectionPoolEvent {

	}

	/**
	 * An outage is over: the database answered.
	 *
	 * @param pool the name of the pool
	 * @param time when
	 * @param length the time since the first connection that could not be opened
	 */
	record OutageEnded(String pool, Instant time, Duration length) implements ConnectionPoolEvent {

	}

}
