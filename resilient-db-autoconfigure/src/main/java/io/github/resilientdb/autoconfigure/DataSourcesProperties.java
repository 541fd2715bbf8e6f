package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import io.github.resilientdb.pool.PoolMode;
import io.github.resilientdb.pool.PrePing;
import io.github.resilientdb.pool.ResetOnReturn;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of single DataSource beans, where they differ from those of all.
 *
 * @param datasources Settings by the name of the DataSource bean.
 */
@ConfigurationProperties("resilientdb")
record DataSourcesProperties(@DefaultValue Map<String, OfDataSource> datasources) {

	/**
	 * Find the settings of a bean, whose name may be written in any of the ways in which
	 * property names are.
	 */
	@Nullable OfDataSource of(String beanName) {
		OfDataSource exact = this.datasources.get(beanName);
		return (exact != null) ? exact
				: this.datasources.entrySet()
					.stream()
					.filter((entry) -> uniform(entry.getKey()).equals(uniform(beanName)))
					.map(Map.Entry::getValue)
					.findFirst()
					.orElse(null);
	}

	private static String uniform(String name) {
		return name.replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Settings of one DataSource bean.
	 *
	 * @param enabled Whether this DataSource is guarded.
	 * @param size Maximum number of connections in the pool.
	 * @param timeout How long a checkout may wait for a connection.
	 * @param recycle Age after which a connection is replaced.
	 * @param prePing When a connection is checked before it is lent.
	 * @param pingAfter Idle time after which the check is a round trip.
	 * @param pingTimeout How long one check may take.
	 * @param mode Whether connections are kept, or opened for each checkout.
	 * @param resetOnReturn What is done to a connection that is returned.
	 */
	record OfDataSource(@DefaultValue("true") boolean enabled, @Nullable Integer size, @Nullable Duration timeout,
			@Nullable Duration recycle, @Nullable PrePing prePing, @Nullable Duration pingAfter,
			@Nullable Duration pingTimeout, @Nullable PoolMode mode, @Nullable ResetOnReturn resetOnReturn) {

		PoolProperties over(PoolProperties all) {
			return new PoolProperties(either(this.size, all.size()), either(this.timeout, all.timeout()),
					either(this.recycle, all.recycle()), first(this.prePing, all.prePing()),
					first(this.pingAfter, all.pingAfter()), first(this.pingTimeout, all.pingTimeout()),
					first(this.mode, all.mode()), first(this.resetOnReturn, all.resetOnReturn()));
		}

		private static <T> @Nullable T either(@Nullable T own, @Nullable T all) {
			return (own != null) ? own : all;
		}

		private static <T> T first(@Nullable T own, T all) {
			return (own != null) ? own : all;
		}

	}

}
