package io.github.resilientdb.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;
import io.github.resilientdb.pool.HikariTakeover;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns about settings that are valid, and make resilience impossible. Each warning says
 * which property to set.
 */
final class ResilienceLint {

	private static final Logger logger = LoggerFactory.getLogger(ResilienceLint.class);

	private static final long SHORTEST_KEEPALIVE = 30_000; // HikariCP's

	private static final long SHORTEST_VALIDATION = 250; // HikariCP's

	// two that look for the outcomes of lost COMMITs
	private static final int BESIDE_THE_POOL = 2;

	private static final int QUERY_SECONDS = 2;

	private final Duration deadline;

	private final int maxAttempts;

	ResilienceLint(Duration deadline, int maxAttempts) {
		this.deadline = deadline;
		this.maxAttempts = maxAttempts;
	}

	/**
	 * Check what is known before the pool starts.
	 * @param beanName the name of the DataSource bean
	 * @param dataSource the pool
	 * @param settings its settings
	 */
	void checkSettings(String beanName, HikariDataSource dataSource, PoolSettings settings) {
		checkDeadline(beanName, settings);
		checkTimeout(beanName, dataSource, settings);
		checkValidationTimeout(beanName, dataSource);
		checkKeepalive(beanName, dataSource, settings);
		checkProbe(beanName, dataSource, settings);
	}

	private void checkDeadline(String beanName, PoolSettings settings) {
		if (this.deadline.compareTo(settings.pingTimeout()) < 0) {
			warn(beanName, "resilientdb.retry.deadline",
					"One check may take longer (resilientdb.pool.ping-timeout: %s) than a whole call (deadline: %s)"
						.formatted(WrittenValues.of(settings.pingTimeout()), WrittenValues.of(this.deadline)),
					"Set resilientdb.retry.deadline to several times the ping-timeout, or lower the ping-timeout");
		}
		if (this.maxAttempts == 1) {
			warn(beanName, "resilientdb.retry.max-attempts", "Nothing is rerun: the first attempt is the only one",
					"Set resilientdb.retry.max-attempts to 2 or more");
		}
	}

	private void checkTimeout(String beanName, HikariConfig config, PoolSettings settings) {
		long timeout = config.getConnectionTimeout();
		if (timeout > Math.max(this.deadline.toMillis(), SHORTEST_VALIDATION)) {
			String property = (settings.timeout() != null) ? "resilientdb.pool.timeout"
					: "spring.datasource.hikari.connection-timeout";
			warn(beanName, property,
					"A checkout may wait longer (%s: %s) than a retryable call may take (resilientdb.retry.deadline: %s)"
						.formatted(property, WrittenValues.ofMillis(timeout), WrittenValues.of(this.deadline)),
					"Remove %s, or set it to the deadline at most; or raise the deadline".formatted(property));
		}
	}

	/**
	 * Check the sizes, before one replaces the other.
	 * @param beanName the name of the DataSource bean
	 * @param config what HikariCP was configured with
	 * @param settings our settings
	 */
	void checkSizes(String beanName, HikariConfig config, PoolSettings settings) {
		int size = (settings.size() != null) ? settings.size() : config.getMaximumPoolSize();
		if (size > 0 && config.getMinimumIdle() > size) {
			warn(beanName, "spring.datasource.hikari.minimum-idle",
					"The pool can't keep %d idle connections (minimum-idle): it has %d at most"
						.formatted(config.getMinimumIdle(), size),
					"Remove spring.datasource.hikari.minimum-idle, or set %s to more"
						.formatted((settings.size() != null) ? "resilientdb.pool.size"
								: "spring.datasource.hikari.maximum-pool-size"));
		}
	}

	private void checkValidationTimeout(String beanName, HikariConfig config) {
		long shortest = Math.max(config.getConnectionTimeout(), SHORTEST_VALIDATION + 1);
		if (config.getValidationTimeout() >= shortest) {
			warn(beanName, "spring.datasource.hikari.validation-timeout",
					"One validation of HikariCP may take as long (%s) as a checkout may wait (%s)".formatted(
							WrittenValues.ofMillis(config.getValidationTimeout()),
							WrittenValues.ofMillis(config.getConnectionTimeout())),
					"Set spring.datasource.hikari.validation-timeout (in ms, 250 at least) to less than that, "
							+ "or resilientdb.pool.timeout to more");
		}
	}

	private void checkKeepalive(String beanName, HikariConfig config, PoolSettings settings) {
		long keepalive = config.getKeepaliveTime();
		long lifetime = config.getMaxLifetime();
		boolean tooShort = keepalive > 0 && keepalive < SHORTEST_KEEPALIVE;
		if (tooShort || (keepalive > 0 && lifetime > 0 && keepalive >= lifetime)) {
			String rule = tooShort ? "less than " + WrittenValues.ofMillis(SHORTEST_KEEPALIVE)
					: "not less than the lifetime of a connection (%s)".formatted(WrittenValues.ofMillis(lifetime));
			warn(beanName, "spring.datasource.hikari.keepalive-time",
					"HikariCP will switch keepalive off: %s is %s".formatted(WrittenValues.ofMillis(keepalive), rule),
					"Set spring.datasource.hikari.keepalive-time to 30000 (ms) or more, and to less than "
							+ ((settings.recycle() != null) ? "resilientdb.pool.recycle"
									: "spring.datasource.hikari.max-lifetime"));
		}
	}

	private void checkProbe(String beanName, HikariDataSource dataSource, PoolSettings settings) {
		String reason = HikariTakeover.probeUnavailable(dataSource);
		if (reason != null && isPostgres(dataSource) && settings.prePing() == PrePing.ALWAYS) {
			warn(beanName, "resilientdb.pool.pre-ping",
					"Connections can't be checked by a look at their socket (%s), so each checkout is a round trip"
						.formatted(reason),
					"Configure spring.datasource.url without a socketFactory, "
							+ "or set resilientdb.pool.pre-ping to idle if that costs too much");
		}
	}

	private static boolean isPostgres(HikariDataSource dataSource) {
		String url = dataSource.getJdbcUrl();
		return url != null && url.startsWith("jdbc:postgresql:");
	}

	/**
	 * Check what the server has to say.
	 * @param pool a pool that has started
	 */
	void checkServer(GuardedPool pool) {
		HikariDataSource dataSource = pool.dataSource();
		if (!isPostgres(dataSource)) {
			return;
		}
		Integer available = connectionsOfServer(dataSource);
		int needed = dataSource.getMaximumPoolSize() + BESIDE_THE_POOL;
		if (available != null && needed > available) {
			warn(pool.beanName(), "resilientdb.pool.size",
					"The pool may want %d connections and %d beside it, and the server allows %d connections in all"
						.formatted(dataSource.getMaximumPoolSize(), BESIDE_THE_POOL, available),
					"Set resilientdb.pool.size to less in each instance of the application, "
							+ "or raise the server's max_connections");
		}
	}

	private static @Nullable Integer connectionsOfServer(HikariDataSource dataSource) {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.setQueryTimeout(QUERY_SECONDS);
			try (ResultSet result = statement.executeQuery("select current_setting('max_connections')::int"
					+ " - current_setting('superuser_reserved_connections')::int")) {
				return result.next() ? result.getInt(1) : null;
			}
		}
		catch (SQLException ex) {
			logger.atDebug().setCause(ex).log("Could not ask the server how many connections it has");
			return null;
		}
	}

	private static void warn(String beanName, String property, String problem, String action) {
		logger.atWarn()
			.addKeyValue("bean", beanName)
			.addKeyValue("property", property)
			.log("DataSource '{}': {}. {}", beanName, problem, action);
	}

}
