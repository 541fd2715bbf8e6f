package io.github.resilientdb.pool.connect;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

/**
 * Opens connections through a {@code DataSource}, knowing nothing of their sockets.
 *
 * @param dataSource where they come from
 * @param probeUnavailable why there is no socket to look at
 */
record DataSourceConnector(DataSource dataSource, String probeUnavailable) implements Connector {

	@Override
	public Physical connect(@Nullable String username, @Nullable String password, long deadline,
			PrimaryRequirement primary) throws SQLException {
		Connection connection = (username != null) ? this.dataSource.getConnection(username, password)
				: this.dataSource.getConnection();
		if (connection == null) {
			throw new SQLTransientConnectionException("The DataSource returned no connection", "08001");
		}
		return primary.checked(connection, null, null);
	}

}
