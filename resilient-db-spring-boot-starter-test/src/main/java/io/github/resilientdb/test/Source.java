package io.github.resilientdb.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

import io.github.resilientdb.test.proxy.ClientSide;
import io.github.resilientdb.test.proxy.FaultProxy;
import org.jspecify.annotations.Nullable;

/**
 * A data source that has a proxy before it, and a way to its database past the proxy.
 */
final class Source implements AutoCloseable {

	private final String name;

	private final FaultProxy proxy;

	private final String directUrl;

	private final Properties credentials = new Properties();

	private @Nullable Connection connection;

	/**
	 * Put a proxy before a server.
	 * @param name the data source's name
	 * @param target the server
	 * @param driver the driver's properties that are not in the URL
	 * @param username the user, unless the URL names it
	 * @param password the password, unless the URL names it
	 */
	static Source of(String name, PostgresUrl target, Properties driver, @Nullable String username,
			@Nullable String password) {
		FaultProxy proxy = new FaultProxy(target.host(), target.port(), target.encryption(driver), ClientSide.PLAIN);
		Source source = new Source(name, proxy, target.direct(), username, password);
		driver.stringPropertyNames()
			.stream()
			.filter((property) -> property.startsWith("ssl"))
			.forEach((property) -> source.credentials.setProperty(property, driver.getProperty(property)));
		return source;
	}

	private Source(String name, FaultProxy proxy, String directUrl, @Nullable String username,
			@Nullable String password) {
		this.name = name;
		this.proxy = proxy;
		this.directUrl = directUrl;
		if (username != null) {
			this.credentials.setProperty("user", username);
		}
		if (password != null) {
			this.credentials.setProperty("password", password);
		}
		this.credentials.setProperty("ApplicationName", "disconnect-test");
	}

	String name() {
		return this.name;
	}

	FaultProxy proxy() {
		return this.proxy;
	}

	/**
	 * Return a reader on a connection that is kept.
	 */
	synchronized SnapshotReader reader() throws SQLException {
		Connection current = this.connection;
		if (current == null || !current.isValid(5)) {
			current = DriverManager.getConnection(this.directUrl, this.credentials);
			this.connection = current;
		}
		return new SnapshotReader(current);
	}

	@Override
	public synchronized void close() {
		try (Connection last = this.connection) {
			this.proxy.close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot close the connection to " + this.name, ex);
		}
	}

}
