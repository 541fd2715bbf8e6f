package io.github.resilientdb.pool;

import com.zaxxer.hikari.HikariConfig;
import io.github.resilientdb.pool.settings.PoolSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells at start-up of pools whose calls the watchdog can't watch. Where a socket is not
 * ours, nobody knows whether bytes come: a call whose answer was lost looks like one
 * whose long answer is being read.
 */
final class UnwatchedCalls {

	private static final Logger logger = LoggerFactory.getLogger(UnwatchedCalls.class);

	private static final String SOCKET_TIMEOUT = "socketTimeout";

	private static final String PROPERTY = "spring.datasource.hikari.data-source-properties." + SOCKET_TIMEOUT;

	private UnwatchedCalls() {
	}

	static void warn(HikariConfig config, @Nullable String reason, PoolSettings settings) {
		if (reason != null && settings.silence() != null && isPostgres(config) && !hasSocketTimeout(config)) {
			logger.atWarn()
				.addKeyValue("pool", config.getPoolName())
				.addKeyValue("property", PROPERTY)
				.log("Calls whose network falls silent may hang: the watchdog can't see that without a socket of ours "
						+ "({}). Set {} to more seconds than the longest statement takes, 60 for instance", reason,
						PROPERTY);
		}
	}

	private static boolean isPostgres(HikariConfig config) {
		String url = config.getJdbcUrl();
		String className = config.getDataSourceClassName();
		return (url != null && url.contains("postgresql:"))
				|| (className != null && className.startsWith("org.postgresql."));
	}

	private static boolean hasSocketTimeout(HikariConfig config) {
		String url = config.getJdbcUrl();
		return config.getDataSourceProperties().containsKey(SOCKET_TIMEOUT)
				|| (url != null && url.contains(SOCKET_TIMEOUT));
	}

}
