package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A call of the driver's connection that returns nothing.
 */
@FunctionalInterface
interface Action {

	void on(Connection connection) throws SQLException;

}
