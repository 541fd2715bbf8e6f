package io.github.resilientdb.pool;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import org.jspecify.annotations.Nullable;

/**
 * Says why a checkout got no connection in time. HikariCP copies the last failure of any
 * kind, which may be long past: here a cause is named only while the pool has room for a
 * connection that can't be opened.
 *
 * @param pool the name of the pool
 * @param size how many connections the pool may have
 * @param total how many it has
 * @param active how many of them are in use
 * @param waiting how many threads wait for one
 */
record CheckoutFailure(String pool, int size, int total, int active, int waiting) {

	private static final String CONNECT_FAILED = "08001";

	static CheckoutFailure of(HikariDataSource dataSource) {
		HikariPoolMXBean pool = dataSource.getHikariPoolMXBean();
		int size = dataSource.getMaximumPoolSize();
		return (pool != null)
				? new CheckoutFailure(dataSource.getPoolName(), size, pool.getTotalConnections(),
						pool.getActiveConnections(), pool.getThreadsAwaitingConnection())
				: new CheckoutFailure(dataSource.getPoolName(), size, 0, 0, 0);
	}

	/**
	 * Make the exception.
	 * @param waited how long the caller has waited, in nanoseconds
	 * @param connectFailure why the last attempt to open a connection failed, if it did
	 * @param connecting how long the oldest attempt that is under way has taken, in
	 * nanoseconds, 0 if there is none
	 * @return the exception, with the SQLSTATE of what failed
	 */
	SQLException toException(long waited, @Nullable Throwable connectFailure, long connecting) {
		if (this.total >= this.size) {
			return new SQLTransientConnectionException(message(waited, usage()));
		}
		if (connectFailure != null) {
			return cannotGrow(waited, unwrap(connectFailure));
		}
		if (connecting > 0) {
			return new SQLTransientConnectionException(
					message(waited, "the server has not answered a new one for %d ms".formatted(millis(connecting))),
					CONNECT_FAILED);
		}
		return new SQLTransientConnectionException(message(waited, usage()));
	}

	private SQLException cannotGrow(long waited, Throwable failure) {
		return new SQLTransientConnectionException(message(waited, "none can be opened: " + failure.getMessage()),
				stateOf(failure), failure);
	}

	// HikariCP wraps what failed when it set a connection up
	private static Throwable unwrap(Throwable failure) {
		return (!(failure instanceof SQLException) && failure.getCause() instanceof SQLException cause) ? cause
				: failure;
	}

	private String message(long waited, String why) {
		return "%s - no connection within %d ms, %s".formatted(this.pool, millis(waited), why);
	}

	private String usage() {
		return "%d of %d are in use, %d threads are waiting".formatted(this.active, this.size, this.waiting);
	}

	private static long millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(nanos);
	}

	private static String stateOf(Throwable failure) {
		String state = (failure instanceof SQLException ex) ? ex.getSQLState() : null;
		return (state != null) ? state : CONNECT_FAILED;
	}

}
