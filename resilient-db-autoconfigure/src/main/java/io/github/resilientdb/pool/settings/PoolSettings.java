package io.github.resilientdb.pool.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How one pool checks and replaces its connections.
 *
 * @param size the maximum number of connections, {@code null} for HikariCP's
 * @param timeout how long a checkout may wait, {@code null} for HikariCP's
 * @param recycle the age at which a connection is replaced, {@code null} for HikariCP's
 * @param prePing when a connection is checked before it is lent
 * @param pingAfter the idle time after which the check is a round trip
 * @param pingTimeout how long one check may take, unless the server is slow for others
 * too
 * @param mode whether connections are kept
 * @param resetOnReturn what is done to a connection that is returned
 * @param requirePrimary whether only connections to a primary are lent
 * @param failover whether a database that is away is waited for here, rather than by
 * HikariCP and the driver
 * @param silence how long a call may wait for an answer before it is looked into,
 * {@code null} for ever
 */
public record PoolSettings(@Nullable Integer size, @Nullable Duration timeout, @Nullable Duration recycle,
		PrePing prePing, Duration pingAfter, Duration pingTimeout, PoolMode mode, ResetOnReturn resetOnReturn,
		RequirePrimary requirePrimary, boolean failover, @Nullable Duration silence) {

	/**
	 * HikariCP's own limit.
	 */
	public static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(250);

	/**
	 * With less, a pool would do little but replace its connections.
	 */
	public static final Duration SHORTEST_RECYCLE = Duration.ofSeconds(1);

	/**
	 * With less, a pool would discard sound connections to a busy server.
	 */
	public static final Duration SHORTEST_PING_TIMEOUT = Duration.ofMillis(10);

	public PoolSettings {
		if (size != null && size <= 0) {
			throw new IllegalArgumentException("Invalid size (%d): must be positive".formatted(size));
		}
		checkAtLeast("timeout", timeout, SHORTEST_TIMEOUT);
		checkAtLeast("recycle", recycle, SHORTEST_RECYCLE);
		checkAtLeast("pingAfter", pingAfter, Duration.ZERO);
		checkAtLeast("pingTimeout", pingTimeout, SHORTEST_PING_TIMEOUT);
	}

	private static void checkAtLeast(String name, @Nullable Duration value, Duration minimum) {
		if (value != null && value.compareTo(minimum) < 0) {
			throw new IllegalArgumentException(
					"Invalid %s (%s): must be at least %dms".formatted(name, value, minimum.toMillis()));
		}
	}

	/**
	 * Whether connections are kept.
	 */
	public enum PoolMode {

		/**
		 * They are kept and lent again.
		 */
		POOLED,

		/**
		 * Each checkout opens a new one on the caller's thread, which is closed on
		 * return: for use behind a pooler such as PgBouncer. The size of the pool still
		 * limits how many there are at once.
		 */
		NONE

	}

	/**
	 * When a connection is checked before it is lent. Whatever this says, a connection
	 * that is known dead is not lent, and one that is older than an incident must answer
	 * first.
	 */
	public enum PrePing {

		/**
		 * At every checkout: by a local look at its socket, or by a round trip if it was
		 * idle for long or the look raises doubt.
		 */
		ALWAYS,

		/**
		 * Only if it was idle for long.
		 */
		IDLE,

		/**
		 * Never.
		 */
		OFF

	}

	/**
	 * Whether a pool lends connections to primaries only.
	 */
	public enum RequirePrimary {

		/**
		 * Once a transaction that was not read-only has committed through the pool.
		 */
		AUTO,

		/**
		 * From the first connection.
		 */
		ALWAYS,

		/**
		 * Never.
		 */
		NEVER

	}

	/**
	 * What is done to a connection that is returned.
	 */
	public enum ResetOnReturn {

		/**
		 * What is left of a transaction is rolled back.
		 */
		ROLLBACK,

		/**
		 * PostgreSQL's {@code DISCARD ALL} as well: temporary tables, session settings,
		 * advisory locks, prepared statements and listening end. Then
		 * {@code connection-init-sql} is run again.
		 */
		DISCARD_ALL

	}

}
