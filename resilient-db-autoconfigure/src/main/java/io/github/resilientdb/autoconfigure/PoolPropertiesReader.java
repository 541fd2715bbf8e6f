package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.Optional;

import io.github.resilientdb.autoconfigure.DataSourcesProperties.OfDataSource;
import io.github.resilientdb.pool.settings.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads and checks the settings of the pools, early: pools are taken over before
 * configuration properties beans can be had.
 */
final class PoolPropertiesReader {

	private static final String POOL = "resilientdb.pool";

	private static final String WATCHDOG = "resilientdb.watchdog";

	private static final Duration SHORTEST_SILENCE = Duration.ofMillis(100);

	private final PropertyGroups groups;

	private final PoolProperties all;

	private final DataSourcesProperties datasources;

	private final FailoverProperties failover;

	private final WatchdogProperties watchdog;

	PoolPropertiesReader(PropertyGroups groups) {
		this.groups = groups;
		this.all = groups.read(POOL, PoolProperties.DEFAULTS);
		this.datasources = groups.read(KnownProperties.PREFIX, DataSourcesProperties.DEFAULTS);
		this.failover = groups.read("resilientdb.failover", FailoverProperties.DEFAULTS);
		this.watchdog = groups.read(WATCHDOG, WatchdogProperties.DEFAULTS);
		check(POOL, this.all);
		this.datasources.datasources()
			.forEach((name, own) -> check(KnownProperties.ofDataSource(name).toString(), own.over(this.all)));
		checkAtLeast(WATCHDOG + ".after", this.watchdog.after(), SHORTEST_SILENCE, "5s");
	}

	/**
	 * Read the settings of a DataSource bean.
	 * @param beanName the name of the bean
	 * @return the settings, empty if it is excluded
	 */
	Optional<PoolSettings> settings(String beanName) {
		OfDataSource own = this.datasources.of(beanName);
		if (own == null) {
			return Optional.of(settings(this.all));
		}
		return own.enabled() ? Optional.of(settings(own.over(this.all))) : Optional.empty();
	}

	private PoolSettings settings(PoolProperties properties) {
		return new PoolSettings(properties.size(), properties.timeout(), properties.recycle(), properties.prePing(),
				properties.pingAfter(), properties.pingTimeout(), properties.mode(), properties.resetOnReturn(),
				properties.requirePrimary(), this.failover.enabled(),
				this.watchdog.enabled() ? this.watchdog.after() : null);
	}

	boolean isExplicit(String property) {
		return this.groups.binder().bind(property, String.class).isBound();
	}

	private static void check(String prefix, PoolProperties properties) {
		PropertyCheck.check(prefix + ".size", properties.size(), properties.size() == null || properties.size() > 0,
				"Must be positive: the maximum number of connections, such as 10.");
		checkAtLeast(prefix + ".timeout", properties.timeout(), PoolSettings.SHORTEST_TIMEOUT, "10s");
		checkAtLeast(prefix + ".recycle", properties.recycle(), PoolSettings.SHORTEST_RECYCLE, "30m");
		checkAtLeast(prefix + ".ping-after", properties.pingAfter(), Duration.ZERO, "500ms");
		checkAtLeast(prefix + ".ping-timeout", properties.pingTimeout(), PoolSettings.SHORTEST_PING_TIMEOUT, "1s");
	}

	private static void checkAtLeast(String name, @Nullable Duration value, Duration minimum, String example) {
		if (value != null && value.compareTo(minimum) < 0) {
			throw PropertyCheck.refusal(name, value,
					"Must be a duration of at least %s, such as %s.".formatted(WrittenValues.of(minimum), example));
		}
	}

}
