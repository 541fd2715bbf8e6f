package io.github.resilientdb.autoconfigure;

import java.util.List;
import java.util.function.Supplier;

import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.autoconfigure.UnknownProperties.Unknown;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * Says at start-up what is configured to no effect, or against its purpose.
 */
final class StartupReport implements SmartInitializingSingleton, SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(StartupReport.class);

	private final Environment environment;

	private final GuardedPools pools;

	private final ResilienceLint lint;

	private final Supplier<List<String>> dataSources;

	private volatile boolean running;

	StartupReport(Environment environment, GuardedPools pools, ResilienceLint lint,
			Supplier<List<String>> dataSources) {
		this.environment = environment;
		this.pools = pools;
		this.lint = lint;
		this.dataSources = dataSources;
	}

	@Override
	public void afterSingletonsInstantiated() {
		PropertyGroups groups = PropertyGroups.of(this.environment);
		if (this.pools.all().isEmpty()) {
			check(groups);
		}
		new UnknownProperties(KnownProperties.ALL).find(this.environment).forEach(StartupReport::report);
		groups.read(KnownProperties.PREFIX, DataSourcesProperties.DEFAULTS)
			.datasources()
			.keySet()
			.stream()
			.filter((name) -> this.dataSources.get()
				.stream()
				.noneMatch((bean) -> DataSourcesProperties.matches(name, bean)))
			.forEach(this::reportDataSource);
	}

	/**
	 * What a pool reads before it is taken over is wrong without any pool, too.
	 */
	private static void check(PropertyGroups groups) {
		DurationUnits.check(groups);
		CommitPropertiesReader.read(groups);
		new PoolPropertiesReader(groups);
		DatabaseWait.configuredBy(groups);
	}

	private void reportDataSource(String name) {
		logger.atWarn()
			.addKeyValue("property", KnownProperties.DATASOURCES + "." + name)
			.log("The properties under '{}.{}' have no effect: there is no such DataSource bean, only {}",
					KnownProperties.DATASOURCES, name, this.dataSources.get());
	}

	private static void report(Unknown unknown) {
		String suggestion = (unknown.suggestion() != null) ? "; did you mean '%s'?".formatted(unknown.suggestion())
				: "";
		logger.atWarn()
			.addKeyValue("property", unknown.name())
			.addKeyValue("origin", unknown.origin())
			.log("Unknown property '{}' (from {}) has no effect{}", unknown.name(), unknown.origin(), suggestion);
	}

	/**
	 * A pool that nobody has used yet is not made to connect.
	 */
	@Override
	public void start() {
		this.running = true;
		for (GuardedPool pool : this.pools.all()) {
			if (pool.dataSource().isRunning()) {
				this.lint.checkServer(pool);
			}
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
