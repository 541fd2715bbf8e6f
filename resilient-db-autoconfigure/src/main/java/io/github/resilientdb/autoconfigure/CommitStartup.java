package io.github.resilientdb.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.commit.CommitChoice;
import io.github.resilientdb.commit.CommitVerificationUnavailableException;
import io.github.resilientdb.commit.MarkerCleanup;
import io.github.resilientdb.commit.Verification;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Has it chosen how commits are verified, so that what is missing shows at start-up:
 * after the migrations, which run while beans are created, and before anything else
 * starts, such as the web server. Cleans the marker tables up while the application runs.
 */
final class CommitStartup implements SmartLifecycle {

	// With a thousand transactions per second, a minute's worth takes half a second
	static final Duration CLEAN_UP_EVERY = Duration.ofMinutes(1);

	private static final Logger logger = LoggerFactory.getLogger(CommitStartup.class);

	private final GuardedPools pools;

	private final Duration cleanUpEvery;

	private final Map<String, MarkerCleanup> cleanUps = new ConcurrentHashMap<>();

	private final Object monitor = new Object();

	private boolean running;

	private @Nullable ScheduledExecutorService executor;

	private @Nullable Future<?> cleaning;

	CommitStartup(GuardedPools pools, Duration cleanUpEvery) {
		this.pools = pools;
		this.cleanUpEvery = cleanUpEvery;
		pools.onChoice(this::chosen);
	}

	@Override
	public void start() {
		synchronized (this.monitor) {
			this.running = true;
		}
		for (GuardedPool pool : this.pools.all()) {
			if (isDue(pool)) {
				choose(pool);
			}
			else {
				pool.commits().chooseWhenConnected();
			}
			pool.commits().choice().ifPresent(this::chosen);
		}
	}

	/**
	 * Whether the choice can't wait for the first connection of a pool that nobody has
	 * used yet: to connect only for that would take more time than all else that is done
	 * at start-up.
	 */
	private boolean isDue(GuardedPool pool) {
		if (pool.dataSource().isRunning()) {
			return true;
		}
		return switch (pool.commitSettings().verification()) {
			case MARKER, XID -> true; // what is missing stops start-up
			case AUTO -> pool.commitSettings().createMarkerTable() || pool.settings().mode() == PoolMode.NONE;
			case NONE -> false;
		};
	}

	private void choose(GuardedPool pool) {
		try {
			pool.commits().choose();
		}
		catch (CommitVerificationUnavailableException ex) {
			throw new CommitVerificationRefusedException(pool.beanName(), ex);
		}
		catch (SQLException ex) {
			logger.atWarn()
				.addKeyValue("bean", pool.beanName())
				.log("How lost COMMITs of DataSource '{}' are verified will be chosen later: {}", pool.beanName(),
						ex.getMessage());
		}
	}

	/**
	 * A choice was made, perhaps long after start-up: the database may not have been
	 * there.
	 */
	private void chosen(CommitChoice choice) {
		if (choice.verification() != Verification.MARKER) {
			return;
		}
		synchronized (this.monitor) {
			if (this.running && this.executor == null) {
				startCleanUp();
			}
		}
	}

	private void startCleanUp() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("resilientdb-clean-up-");
		threads.setDaemon(true);
		ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(threads);
		long period = this.cleanUpEvery.toMillis();
		this.cleaning = executor.scheduleWithFixedDelay(this::cleanUp, period, period, TimeUnit.MILLISECONDS);
		this.executor = executor;
	}

	private void cleanUp() {
		for (GuardedPool pool : this.pools.all()) {
			this.cleanUps.computeIfAbsent(pool.beanName(), (name) -> new MarkerCleanup(pool.commits())).run();
		}
	}

	@Override
	public void stop() {
		synchronized (this.monitor) {
			this.running = false;
			if (this.executor != null && this.cleaning != null) {
				this.cleaning.cancel(true);
				this.executor.shutdownNow();
				this.executor = null;
			}
		}
	}

	@Override
	public boolean isRunning() {
		synchronized (this.monitor) {
			return this.running;
		}
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE + 1000;
	}

}
