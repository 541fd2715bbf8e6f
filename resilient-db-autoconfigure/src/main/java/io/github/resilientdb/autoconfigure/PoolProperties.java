package io.github.resilientdb.autoconfigure;

import java.time.Duration;

import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;

/**
 * How connections are checked and replaced.
 *
 * @param size Maximum number of connections in the pool. By default, what HikariCP is
 * configured with.
 * @param timeout How long a checkout may wait for a connection. By default, what HikariCP
 * is configured with, at most the deadline of a retryable call.
 * @param recycle Age after which a connection is replaced; no checkout hands out an older
 * one. By default, what HikariCP is configured with.
 * @param prePing When a connection is checked before it is lent.
 * @param pingAfter Idle time after which the check is a round trip; sooner it is a local
 * look at the socket.
 * @param pingTimeout How long one check may take.
 * @param mode Whether connections are kept, or opened for each checkout.
 * @param resetOnReturn What is done to a connection that is returned.
 * @param requirePrimary Whether only connections to a primary are lent.
 */
@Lazy
@ConfigurationProperties("resilientdb.pool")
record PoolProperties(@Nullable Integer size, @Nullable Duration timeout, @Nullable Duration recycle,
		@DefaultValue("always") PrePing prePing, @DefaultValue("500ms") Duration pingAfter,
		@DefaultValue("1s") Duration pingTimeout, @DefaultValue("pooled") PoolMode mode,
		@DefaultValue("rollback") ResetOnReturn resetOnReturn, @DefaultValue("auto") RequirePrimary requirePrimary) {

	// As annotated
	static final PoolProperties DEFAULTS = new PoolProperties(null, null, null, PrePing.ALWAYS, Duration.ofMillis(500),
			Duration.ofSeconds(1), PoolMode.POOLED, ResetOnReturn.ROLLBACK, RequirePrimary.AUTO);

}
