package io.github.resilientdb.pool.socket;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/**
 * Limits the waits on a connection whose socket is not ours, as far as its driver can.
 */
public final class NetworkTimeout {

	private NetworkTimeout() {
	}

	/**
	 * Let no wait for an answer go on past a deadline.
	 * @param connection the connection
	 * @param deadline the deadline, as a {@link System#nanoTime()}
	 */
	public static void until(Connection connection, long deadline) {
		long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
		set(connection, (int) Math.min(Integer.MAX_VALUE, Math.max(1, millis)));
	}

	/**
	 * Return the limit that is set.
	 * @param connection the connection
	 * @return milliseconds, 0 for none
	 */
	public static int of(Connection connection) {
		try {
			return connection.getNetworkTimeout();
		}
		catch (SQLException | AbstractMethodError ex) {
			return 0;
		}
	}

	public static void set(Connection connection, int millis) {
		try {
			connection.setNetworkTimeout(Runnable::run, millis);
		}
		catch (SQLException | AbstractMethodError ex) {
			// a driver without network timeouts, or a connection that fails anyway
		}
	}

}
