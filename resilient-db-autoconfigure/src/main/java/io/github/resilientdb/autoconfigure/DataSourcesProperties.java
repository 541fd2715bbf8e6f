package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.context.annotation.Lazy;

/**
 * Settings of single DataSource beans, where they differ from those of all.
 *
 * @param datasources Settings by the name of the DataSource bean.
 */
@Lazy
@ConfigurationProperties("resilientdb")
record DataSourcesProperties(@DefaultValue Map<String, OfDataSource> datasources) {

	// As annotated
	static final DataSourcesProperties DEFAULTS = new DataSourcesProperties(Map.of());

	/**
	 * Find the settings of a DataSource bean. Names match as those of properties do: an
	 * environment variable has neither small letters nor hyphens.
	 * @param beanName the name of the bean
	 * @return its settings, {@code null} if it has none of its own
	 */
	@Nullable OfDataSource of(String beanName) {
		OfDataSource exact = this.datasources.get(beanName);
		if (exact != null) {
			return exact;
		}
		for (Map.Entry<String, OfDataSource> entry : this.datasources.entrySet()) {
			if (matches(entry.getKey(), beanName)) {
				return entry.getValue();
			}
		}
		return null;
	}

	static boolean matches(String key, String beanName) {
		return uniform(key).equals(uniform(beanName));
	}

	private static String uniform(String name) {
		return name.replaceAll("[^\\p{L}\\p{N}]", "").toLowerCase(Locale.ROOT);
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
	 * @param requirePrimary Whether only connections to a primary are lent.
	 */
	record OfDataSource(@DefaultValue("true") boolean enabled, @Nullable Integer size, @Nullable Duration timeout,
			@Nullable Duration recycle, @Nullable PrePing prePing, @Nullable Duration pingAfter,
			@Nullable Duration pingTimeout, @Nullable PoolMode mode, @Nullable ResetOnReturn resetOnReturn,
			@Nullable RequirePrimary requirePrimary) {

		PoolProperties over(PoolProperties all) {
			return new PoolProperties(either(this.size, all.size()), either(this.timeout, all.timeout()),
					either(this.recycle, all.recycle()), first(this.prePing, all.prePing()),
					first(this.pingAfter, all.pingAfter()), first(this.pingTimeout, all.pingTimeout()),
					first(this.mode, all.mode()), first(this.resetOnReturn, all.resetOnReturn()),
					first(this.requirePrimary, all.requirePrimary()));
		}

		private static <T> @Nullable T either(@Nullable T own, @Nullable T all) {
			return (own != null) ? own : all;
		}

		private static <T> T first(@Nullable T own, T all) {
			return (own != null) ? own : all;
		}

	}

}
