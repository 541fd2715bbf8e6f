package io.github.resilientdb.test.rows;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

import org.jspecify.annotations.Nullable;

/**
 * A way to a database past pools and proxies, which is kept.
 */
public final class DirectConnection implements AutoCloseable {

	private static final int PATIENCE_SECONDS = 5;

	private final String url;

	private final Properties properties;

	private @Nullable Connection connection;

	public DirectConnection(String url, Properties properties) {
		this.url = url;
		this.properties = properties;
	}

	public synchronized SnapshotReader reader() throws SQLException {
		Connection current = this.connection;
		if (current == null || !current.isValid(PATIENCE_SECONDS)) {
			current = DriverManager.getConnection(this.url, this.properties);
			this.connection = current;
		}
		return new SnapshotReader(current);
	}

	@Override
	public synchronized void close() throws SQLException {
		if (this.connection != null) {
			this.connection.close();
		}
	}

}
