package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * A call of the driver's connection that returns nothing, and that a dead connection need
 * not make.
 */
@FunctionalInterface
interface Tidying {

	void on(Connection connection) throws SQLException;

}
