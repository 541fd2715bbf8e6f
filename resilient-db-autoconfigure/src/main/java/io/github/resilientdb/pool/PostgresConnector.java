package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/**
 * Opens connections of the PostgreSQL driver on sockets of ours.
 */
final class PostgresConnector implements Connector {

	private static final String URL_PREFIX = "jdbc:postgresql:";

	private static final String SOCKET_FACTORY = "socketFactory";

	private final Driver driver;

	private final String url;

	private final Properties properties;

	private PostgresConnector(Driver driver, String url, Properties properties) {
		this.driver = driver;
		this.url = url;
		this.properties = properties;
	}

	/**
	 * Tell why a URL can't be connected to on sockets of ours.
	 * @param driver the driver that accepts the URL
	 * @param url the URL
	 * @param properties the driver's properties
	 * @return the reason, {@code null} if it can be
	 */
	static @Nullable String unsupported(Driver driver, String url, Properties properties) {
		if (!url.startsWith(URL_PREFIX) || !driver.getClass().getName().equals("org.postgresql.Driver")) {
			return "the driver is not PostgreSQL's own";
		}
		Properties parsed = org.postgresql.Driver.parseURL(url, properties);
		if (parsed != null && parsed.getProperty(SOCKET_FACTORY) != null) {
			return "a socketFactory is configured";
		}
		if (System.getProperty("socksProxyHost") != null) {
			return "a SOCKS proxy is configured (socksProxyHost)";
		}
		return null;
	}

	static PostgresConnector of(Driver driver, String url, Properties properties) {
		return new PostgresConnector(driver, url, properties);
	}

	@Override
	public Physical connect(@Nullable String username, @Nullable String password, long deadline) throws SQLException {
		try (WireTicket ticket = WireTicket.issue(deadline)) {
			Connection connection = this.driver.connect(this.url, properties(username, password, ticket));
			if (connection == null) {
				throw new SQLTransientConnectionException("The driver does not accept its URL", "08001");
			}
			return new Physical(connection, ticket.redeem());
		}
	}

	private Properties properties(@Nullable String username, @Nullable String password, WireTicket ticket) {
		Properties result = new Properties();
		result.putAll(this.properties);
		if (username != null) {
			result.setProperty("user", username);
		}
		if (password != null) {
			result.setProperty("password", password);
		}
		result.setProperty(SOCKET_FACTORY, WireSocketFactory.class.getName());
		result.setProperty(SOCKET_FACTORY + "Arg", ticket.token());
		return result;
	}

	@Override
	public @Nullable String probeUnavailable() {
		return null;
	}

}
