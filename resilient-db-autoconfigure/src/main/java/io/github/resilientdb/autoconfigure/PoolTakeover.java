package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.commit.CommitChoice;
import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.commit.postgresql.CommitProtocols;
import io.github.resilientdb.pool.HikariTakeover;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides with which settings a pool is taken over: explicit {@code resilientdb.*} beats
 * what HikariCP was configured with, which beats our defaults.
 */
final class PoolTakeover {

	private static final Logger logger = LoggerFactory.getLogger(PoolTakeover.class);

	private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(250); // HikariCP's

	// what an untouched configuration has
	private final HikariConfig defaults = new HikariConfig();

	private final PoolPropertiesReader properties;

	private final CommitSettings commits;

	private final HikariTakeover takeover;

	private final GuardedPools pools;

	private final Duration deadline;

	private final ResilienceLint lint;

	private final ConnectLint connectLint;

	private final DatabaseWait databaseWait;

	PoolTakeover(PoolPropertiesReader properties, CommitSettings commits, HikariTakeover takeover, GuardedPools pools,
			Duration deadline, ResilienceLint lint, DatabaseWait databaseWait) {
		this.properties = properties;
		this.commits = commits;
		this.takeover = takeover;
		this.pools = pools;
		this.deadline = deadline;
		this.lint = lint;
		this.connectLint = new ConnectLint(deadline, properties.isExplicit("resilientdb.retry.deadline"));
		this.databaseWait = databaseWait;
	}

	Optional<PoolSettings> settings(String beanName) {
		return this.properties.settings(beanName);
	}

	HikariDataSource takeOver(String beanName, HikariDataSource original, PoolSettings settings) {
		report(beanName, "size", "maximum-pool-size", settings.size(), original.getMaximumPoolSize(),
				this.defaults.getMaximumPoolSize());
		report(beanName, "timeout", "connection-timeout", millis(settings.timeout()), original.getConnectionTimeout(),
				this.defaults.getConnectionTimeout());
		report(beanName, "recycle", "max-lifetime", millis(settings.recycle()), original.getMaxLifetime(),
				this.defaults.getMaxLifetime());
		this.lint.checkSizes(beanName, original, settings);
		if (settings.timeout() == null) {
			limitTimeout(original);
		}
		limitValidation(original, settings);
		if (settings.mode() == PoolMode.NONE && original.getPoolName() == null) {
			original.setPoolName(beanName); // HikariCP gives names to what it starts only
		}
		AtomicReference<@Nullable CommitProtocol> protocol = new AtomicReference<>();
		HikariDataSource replacement = this.takeover.takeOver(original, settings, (connections) -> {
			CommitProtocol created = protocol(beanName, connections);
			protocol.set(created);
			return created;
		});
		this.lint.checkSettings(beanName, replacement, settings);
		this.connectLint.check(beanName, replacement);
		GuardedPool pool = new GuardedPool(beanName, replacement, settings, this.commits,
				Objects.requireNonNull(protocol.get()));
		this.pools.add(pool);
		describe(beanName, replacement, settings);
		this.databaseWait.await(pool);
		return replacement;
	}

	private static void describe(String beanName, HikariDataSource pool, PoolSettings settings) {
		String unavailable = HikariTakeover.probeUnavailable(pool);
		logger.atInfo()
			.addKeyValue("bean", beanName)
			.log("DataSource '{}' is guarded: mode {}, size {}, timeout {}, recycle {}, pre-ping {} after {}, "
					+ "ping-timeout {}, reset-on-return {}, checked by {}", beanName, WrittenValues.of(settings.mode()),
					(pool.getMaximumPoolSize() > 0) ? pool.getMaximumPoolSize() : 10,
					WrittenValues.ofMillis(pool.getConnectionTimeout()),
					(settings.recycle() != null) ? WrittenValues.of(settings.recycle()) : "HikariCP's",
					WrittenValues.of(settings.prePing()), WrittenValues.of(settings.pingAfter()),
					WrittenValues.of(settings.pingTimeout()), WrittenValues.of(settings.resetOnReturn()),
					(unavailable != null) ? "round trips only, since " + unavailable : "a look at the socket");
	}

	private CommitProtocol protocol(String beanName, VerificationConnections connections) {
		return CommitProtocols.create(this.commits, connections, new CommitListener() {

			@Override
			public void chosen(CommitChoice choice) {
				logger.atInfo()
					.addKeyValue("bean", beanName)
					.addKeyValue("verification", choice.verification())
					.log("Lost COMMITs of DataSource '{}' are verified by {}", beanName, choice);
				PoolTakeover.this.pools.chosen(choice);
			}

		});
	}

	/**
	 * A checkout that waits longer than a retryable call may take is of no use to it.
	 */
	private void limitTimeout(HikariConfig config) {
		boolean untouched = config.getConnectionTimeout() == this.defaults.getConnectionTimeout()
				&& !this.properties.isExplicit("spring.datasource.hikari.connection-timeout");
		if (untouched && this.deadline.toMillis() < config.getConnectionTimeout()) {
			config.setConnectionTimeout(Math.max(SHORTEST_TIMEOUT.toMillis(), this.deadline.toMillis()));
		}
	}

	/**
	 * A validation that takes as long as a checkout may wait leaves no time for another
	 * connection.
	 */
	private void limitValidation(HikariConfig config, PoolSettings settings) {
		Duration timeout = settings.timeout();
		long longest = ((timeout != null) ? timeout.toMillis() : config.getConnectionTimeout()) / 2;
		boolean untouched = config.getValidationTimeout() == this.defaults.getValidationTimeout()
				&& !this.properties.isExplicit("spring.datasource.hikari.validation-timeout");
		if (untouched && longest < config.getValidationTimeout()) {
			config.setValidationTimeout(Math.max(SHORTEST_TIMEOUT.toMillis(), longest));
		}
	}

	private static @Nullable Number millis(@Nullable Duration duration) {
		return (duration != null) ? duration.toMillis() : null;
	}

	private static void report(String beanName, String ours, String hikaris, @Nullable Number value, Number configured,
			Number byDefault) {
		if (value != null && configured.longValue() != byDefault.longValue()
				&& value.longValue() != configured.longValue()) {
			logger.atInfo()
				.addKeyValue("bean", beanName)
				.log("DataSource '{}': resilientdb's {} ({}) replaces the {} ({}) that HikariCP was configured with; "
						+ "remove one of them", beanName, ours,
						ours.equals("size") ? value : WrittenValues.ofMillis(value.longValue()), hikaris, configured);
		}
	}

}
