package io.github.resilientdb.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.commit.Verification;
import io.github.resilientdb.commit.VerificationMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Chooses how commits are verified once the schema is in place, so that what is missing
 * shows at start-up, and cleans the marker tables up while the application runs.
 */
final class CommitStartup implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(CommitStartup.class);

	private static final Duration CLEAN_UP_EVERY = Duration.ofMinutes(10);

	private final GuardedPools pools;

	private final CommitProperties properties;

	private @Nullable ScheduledExecutorService executor;

	private @Nullable Future<?> cleanUp;

	CommitStartup(GuardedPools pools, CommitProperties properties) {
		this.pools = pools;
		this.properties = properties;
	}

	@Override
	public synchronized void start() {
		boolean markers = false;
		for (GuardedPool pool : this.pools.all()) {
			markers |= mayHaveMarkers(pool);
		}
		if (markers) {
			CustomizableThreadFactory threads = new CustomizableThreadFactory("resilientdb-clean-up-");
			threads.setDaemon(true);
			this.executor = Executors.newSingleThreadScheduledExecutor(threads);
			this.cleanUp = this.executor.scheduleWithFixedDelay(this::cleanUp, CLEAN_UP_EVERY.toSeconds(),
					CLEAN_UP_EVERY.toSeconds(), TimeUnit.SECONDS);
		}
	}

	/**
	 * A pool that nobody has used yet is not made to connect, unless markers were asked
	 * for.
	 */
	private boolean mayHaveMarkers(GuardedPool pool) {
		if (this.properties.verification() == VerificationMode.MARKER || pool.dataSource().isRunning()) {
			choose(pool);
		}
		return pool.commits().choice().map((choice) -> choice.verification() == Verification.MARKER).orElse(true);
	}

	private void choose(GuardedPool pool) {
		try {
			pool.commits().choose();
		}
		catch (SQLException ex) {
			logger.atWarn()
				.addKeyValue("bean", pool.beanName())
				.log("How lost COMMITs of DataSource '{}' are verified will be chosen later: {}", pool.beanName(),
						ex.getMessage());
		}
	}

	private void cleanUp() {
		for (GuardedPool pool : this.pools.all()) {
			try {
				int removed = pool.commits().cleanUp();
				logger.atDebug().addKeyValue("bean", pool.beanName()).log("Removed {} commit markers", removed);
			}
			catch (SQLException | RuntimeException ex) {
				logger.atDebug()
					.addKeyValue("bean", pool.beanName())
					.setCause(ex)
					.log("Could not remove commit markers; will try again");
			}
		}
	}

	@Override
	public synchronized void stop() {
		if (this.executor != null && this.cleanUp != null) {
			this.cleanUp.cancel(true);
			this.executor.shutdownNow();
			this.executor = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.executor != null;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE + 1000;
	}

}
