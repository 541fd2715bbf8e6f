package io.github.resilientdb.pool.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A call of the driver's connection that returns nothing.
 */
@FunctionalInterface
public interface ConnectionAction {

	/**
	 * Make the call.
	 * @param connection the driver's connection
	 * @throws SQLException what the driver throws
	 */
	void on(Connection connection) throws SQLException;

}
