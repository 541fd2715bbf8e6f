package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.actuate.ResilientDbEndpoint.PoolDetails;
import io.github.resilientdb.actuate.ResilientDbEndpoint.Setting;
import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.commit.CommitChoice;
import io.github.resilientdb.pool.HikariTakeover;
import io.github.resilientdb.pool.PoolSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * The settings in force, and where each comes from.
 */
final class EffectiveSettings {

	private static final String DEFAULT = "default";

	private static final String HIKARI = "spring.datasource.hikari.";

	private final Environment environment;

	private final GuardedPools pools;

	private final KnownProperties known = new KnownProperties();

	EffectiveSettings(Environment environment, GuardedPools pools) {
		this.environment = environment;
		this.pools = pools;
	}

	/**
	 * Return the settings that hold for all pools.
	 * @return the settings by the name of their property
	 */
	Map<String, Setting> ofAll() {
		Map<String, Setting> settings = new TreeMap<>();
		this.known.defaults().forEach((name, byDefault) -> {
			Setting configured = configured(name);
			if (configured != null) {
				settings.put(name, configured);
			}
			else if (!byDefault.isEmpty()) {
				settings.put(name, new Setting(byDefault, DEFAULT));
			}
		});
		return settings;
	}

	private @Nullable Setting configured(String name) {
		String origin = origin(name);
		return (origin != null) ? new Setting(value(name), origin) : null;
	}

	private String value(String name) {
		return String.join(", ",
				Binder.get(this.environment).bind(name, Bindable.listOf(String.class)).orElse(List.of()));
	}

	private @Nullable String origin(String name) {
		return PropertyOrigins.find(this.environment, ConfigurationPropertyName.of(name));
	}

	List<PoolDetails> ofPools() {
		List<PoolDetails> details = new ArrayList<>();
		for (GuardedPool pool : this.pools.all()) {
			HikariDataSource dataSource = pool.dataSource();
			details.add(new PoolDetails(pool.beanName(), dataSource.getPoolName(), settings(pool),
					HikariTakeover.generation(dataSource), HikariTakeover.probeUnavailable(dataSource),
					pool.commits().choice().map(CommitChoice::toString).orElse(null)));
		}
		return details;
	}

	private Map<String, Setting> settings(GuardedPool pool) {
		HikariDataSource dataSource = pool.dataSource();
		PoolSettings settings = pool.settings();
		String bean = pool.beanName();
		Map<String, Setting> result = new LinkedHashMap<>();
		result.put("size", setting(bean, "size", dataSource.getMaximumPoolSize(), "maximum-pool-size"));
		result.put("timeout",
				setting(bean, "timeout", millis(dataSource.getConnectionTimeout()), "connection-timeout"));
		result.put("recycle", setting(bean, "recycle", (settings.recycle() != null)
				? millis(settings.recycle().toMillis()) : millis(dataSource.getMaxLifetime()), "max-lifetime"));
		result.put("pre-ping", setting(bean, "pre-ping", name(settings.prePing()), null));
		result.put("ping-after", setting(bean, "ping-after", millis(settings.pingAfter().toMillis()), null));
		result.put("ping-timeout", setting(bean, "ping-timeout", millis(settings.pingTimeout().toMillis()), null));
		result.put("mode", setting(bean, "mode", name(settings.mode()), null));
		result.put("reset-on-return", setting(bean, "reset-on-return", name(settings.resetOnReturn()), null));
		return result;
	}

	private Setting setting(String bean, String name, Object value, @Nullable String hikari) {
		String own = ownOrigin(bean, name);
		String origin = (own != null) ? own : origin("resilientdb.pool." + name);
		if (origin == null && hikari != null) {
			String configured = origin(HIKARI + hikari);
			origin = (configured != null) ? configured : "HikariCP's configuration";
		}
		return new Setting(value.toString(), (origin != null) ? origin : DEFAULT);
	}

	private @Nullable String ownOrigin(String bean, String name) {
		return PropertyOrigins.find(this.environment, KnownProperties.ofDataSource(bean).append(name));
	}

	private static String name(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static Duration millis(long millis) {
		return Duration.ofMillis(millis);
	}

}
