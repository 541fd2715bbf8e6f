package io.github.resilientdb.pool.settings;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * How one pool checks and replaces its connections.
 *
 * @param size the maximum number of connections, {@code null} for HikariCP's
 * @param timeout how long a checkout may wait, {@code null} for HikariCP's
 * @param recycle the age at which a connection is replaced, {@code null} for HikariCP's
 * @param prePing when a connection is checked before it is lent
 * @param pingAfter the idle time after which the check is a round trip
 * @param pingTimeout how long one check may take
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

	public PoolSettings {
		Assert.isTrue(size == null || size > 0, () -> "Invalid size (%d): must be positive".formatted(size));
		Assert.isTrue(timeout == null || timeout.toMillis() >= 250,
				() -> "Invalid timeout (%s): must be at least 250ms".formatted(timeout));
		Assert.isTrue(recycle == null || recycle.toMillis() >= 1000,
				() -> "Invalid recycle (%s): must be at least 1s".formatted(recycle));
		Assert.isTrue(!pingAfter.isNegative(),
				() -> "Invalid pingAfter (%s): must not be negative".formatted(pingAfter));
		Assert.isTrue(pingTimeout.toMillis() >= 1,
				() -> "Invalid pingTimeout (%s): must be at least 1ms".formatted(pingTimeout));
	}

}
