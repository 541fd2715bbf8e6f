package io.github.resilientdb.pool;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import org.jspecify.annotations.Nullable;

/**
 * Says why a checkout got no connection. HikariCP copies the last failure of any kind,
 * which may be long past: here a cause is named only if it holds at present.
 */
final class CheckoutFailure {

	private CheckoutFailure() {
	}

	static SQLException of(HikariDataSource dataSource, @Nullable Exception connectFailure, long waited,
			SQLTransientConnectionException original) {
		if (original.getMessage() != null && original.getCause() instanceof InterruptedException) {
			return original;
		}
		String pool = dataSource.getPoolName();
		long millis = TimeUnit.NANOSECONDS.toMillis(waited);
		if (connectFailure != null) {
			return new SQLTransientConnectionException(
					"%s - no connection within %d ms, none can be opened: %s".formatted(pool, millis,
							connectFailure.getMessage()),
					(connectFailure instanceof SQLException ex) ? ex.getSQLState() : "08001", connectFailure);
		}
		return new SQLTransientConnectionException(
				"%s - no connection within %d ms, %s".formatted(pool, millis, usage(dataSource)));
	}

	static SQLException noneAlive(HikariDataSource dataSource, @Nullable Exception connectFailure) {
		return new SQLTransientConnectionException(
				"%s - no connection answered in time".formatted(dataSource.getPoolName()), "08001", connectFailure);
	}

	private static String usage(HikariDataSource dataSource) {
		HikariPoolMXBean pool = dataSource.getHikariPoolMXBean();
		if (pool == null) {
			return "all %d are in use".formatted(dataSource.getMaximumPoolSize());
		}
		return "%d of %d are in use, %d threads are waiting".formatted(pool.getActiveConnections(),
				dataSource.getMaximumPoolSize(), pool.getThreadsAwaitingConnection());
	}

}
