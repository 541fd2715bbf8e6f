package io.github.resilientdb.pool.connect;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Opens connections of the PostgreSQL driver on sockets of the user's: the driver's own
 * timeouts end what nobody waits for any more.
 *
 * @param driver the driver
 * @param url the URL
 * @param properties the user's properties
 * @param probeUnavailable why the sockets are not ours
 */
record ForeignSocketConnector(Driver driver, String url, Properties properties,
		String probeUnavailable) implements Connector {

	private static final String SOCKET_TIMEOUT = "socketTimeout";

	@Override
	public Physical connect(@Nullable String username, @Nullable String password, long deadline,
			PrimaryRequirement primary) throws SQLException {
		Properties limited = Connectors.withCredentials(this.properties, username, password);
		String seconds = Long.toString(seconds(deadline));
		limited.setProperty("connectTimeout", seconds);
		limited.setProperty(SOCKET_TIMEOUT, seconds);
		Connection connection = this.driver.connect(this.url, limited);
		if (connection == null) {
			throw new SQLTransientConnectionException("The driver does not accept its URL", "08001");
		}
		Physical physical = primary.checked(connection, null, null);
		try {
			connection.setNetworkTimeout(Runnable::run, usersMillis());
			return physical;
		}
		catch (SQLException | RuntimeException ex) {
			physical.closeQuietly();
			throw ex;
		}
	}

	private static long seconds(long deadline) {
		long nanos = deadline - System.nanoTime() + TimeUnit.SECONDS.toNanos(1) - 1;
		return Math.min(TimeUnit.DAYS.toSeconds(1), Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos)));
	}

	private int usersMillis() {
		Properties parsed = org.postgresql.Driver.parseURL(this.url, this.properties);
		String seconds = (parsed != null) ? parsed.getProperty(SOCKET_TIMEOUT) : null;
		return (seconds != null) ? (int) TimeUnit.SECONDS.toMillis(Integer.parseInt(seconds)) : 0;
	}

	@Override
	public boolean prefersStandby() {
		Properties parsed = org.postgresql.Driver.parseURL(this.url, this.properties);
		return parsed != null && TargetServer.of(parsed.getProperty("targetServerType")).isForStandbys();
	}

}
