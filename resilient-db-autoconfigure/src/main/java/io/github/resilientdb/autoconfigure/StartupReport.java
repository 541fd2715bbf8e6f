package io.github.resilientdb.autoconfigure;

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

	private volatile boolean running;

	StartupReport(Environment environment, GuardedPools pools, ResilienceLint lint) {
		this.environment = environment;
		this.pools = pools;
		this.lint = lint;
	}

	@Override
	public void afterSingletonsInstantiated() {
		new UnknownProperties(new KnownProperties()).find(this.environment).forEach(StartupReport::report);
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
