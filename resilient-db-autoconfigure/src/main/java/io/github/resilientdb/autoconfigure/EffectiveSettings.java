package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.actuate.ResilientDbEndpoint.PoolDetails;
import io.github.resilientdb.actuate.ResilientDbEndpoint.Setting;
import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.commit.CommitChoice;
import io.github.resilientdb.pool.HikariTakeover;
import io.github.resilientdb.pool.settings.PoolSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;

/**
 * The settings in force, and where each comes from.
 */
final class EffectiveSettings {

	private static final String DEFAULT = "default";

	private static final String DEADLINE = "resilientdb.retry.deadline";

	private final ApplicationContext context;

	private final Environment environment;

	private final GuardedPools pools;

	private final KnownProperties known = KnownProperties.ALL;

	EffectiveSettings(ApplicationContext context, GuardedPools pools) {
		this.context = context;
		this.environment = context.getEnvironment();
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
					pool.commits().choice().map(CommitChoice::toString).orElse(null),
					HikariTakeover.hangingConnects(dataSource)));
		}
		return details;
	}

	private Map<String, Setting> settings(GuardedPool pool) {
		HikariDataSource dataSource = pool.dataSource();
		PoolSettings settings = pool.settings();
		String bean = pool.beanName();
		Map<String, Setting> result = new LinkedHashMap<>();
		Duration recycle = settings.recycle();
		result.put("size", setting(pool, "size", dataSource.getMaximumPoolSize(), "maximum-pool-size"));
		result.put("timeout", setting(pool, "timeout", dataSource.getConnectionTimeout(), "connection-timeout"));
		result.put("recycle", setting(pool, "recycle",
				(recycle != null) ? recycle.toMillis() : dataSource.getMaxLifetime(), "max-lifetime"));
		result.put("pre-ping", setting(bean, "pre-ping", WrittenValues.of(settings.prePing())));
		result.put("ping-after", setting(bean, "ping-after", WrittenValues.of(settings.pingAfter())));
		result.put("ping-timeout", setting(bean, "ping-timeout", WrittenValues.of(settings.pingTimeout())));
		result.put("mode", setting(bean, "mode", WrittenValues.of(settings.mode())));
		result.put("reset-on-return", setting(bean, "reset-on-return", WrittenValues.of(settings.resetOnReturn())));
		result.put("require-primary", setting(bean, "require-primary", WrittenValues.of(settings.requirePrimary())));
		return result;
	}

	private Setting setting(String bean, String name, String value) {
		String origin = ourOrigin(bean, name);
		return new Setting(value, (origin != null) ? origin : DEFAULT);
	}

	/**
	 * A setting that HikariCP has too, as a number: of connections, or of milliseconds.
	 */
	private Setting setting(GuardedPool pool, String name, long value, String hikari) {
		String text = name.equals("size") ? String.valueOf(value) : WrittenValues.of(Duration.ofMillis(value));
		String origin = ourOrigin(pool.beanName(), name);
		if (origin == null) {
			origin = hikariOrigin(pool, hikari, value);
		}
		if (origin == null && name.equals("timeout") && value == deadline().toMillis()) {
			String deadline = origin(DEADLINE);
			origin = "%s (%s)".formatted(DEADLINE, (deadline != null) ? deadline : DEFAULT);
		}
		return new Setting(text, (origin != null) ? origin : "HikariCP's configuration");
	}

	private Duration deadline() {
		return PropertyGroups.of(this.environment).read("resilientdb.retry", RetryProperties.DEFAULTS).deadline();
	}

	/**
	 * Find the property that HikariCP's setting comes from: one under the prefix that
	 * this DataSource is bound to, if it says what holds.
	 */
	private @Nullable String hikariOrigin(GuardedPool pool, String hikari, long value) {
		ConfigurationPropertiesBean bean = ConfigurationPropertiesBean.get(this.context, pool.dataSource(),
				pool.beanName());
		if (bean == null) {
			return null;
		}
		String name = bean.getAnnotation().prefix() + "." + hikari;
		boolean holds = Binder.get(this.environment)
			.bind(name, Long.class)
			.map((configured) -> configured == value)
			.orElse(false);
		return holds ? origin(name) : null;
	}

	private @Nullable String ourOrigin(String bean, String name) {
		String own = ownOrigin(bean, name);
		return (own != null) ? own : origin("resilientdb.pool." + name);
	}

	private @Nullable String ownOrigin(String bean, String name) {
		return PropertyOrigins.find(this.environment, KnownProperties.ofDataSource(bean).append(name));
	}

}
