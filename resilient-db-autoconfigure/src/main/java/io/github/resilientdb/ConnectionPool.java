package io.github.resilientdb;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * What can be done to a pool while it runs. A guarded {@code DataSource} bean can be
 * {@linkplain javax.sql.DataSource#unwrap(Class) unwrapped} to it;
 * {@link ConnectionPools} has them all.
 * <p>
 * Thread-safe.
 */
public interface ConnectionPool {

	/**
	 * Return the name of the pool, as in HikariCP's meters.
	 * @return the name
	 */
	String getName();

	/**
	 * Discard all connections: idle ones now, those in use when they are returned.
	 * Connections made afterwards stay.
	 * @param reason why, for the log: lower case, words joined by hyphens
	 * @return how many connections that concerned
	 */
	int invalidate(String reason);

	/**
	 * Take a connection out of the pool: it stays open and is the caller's from now on,
	 * to be closed by the caller; the pool replaces it. The connection that was passed is
	 * closed by that.
	 * @param connection a connection of this pool that the caller has borrowed
	 * @return the same physical connection, no longer of the pool
	 * @throws SQLException if it is not a live connection of this pool
	 */
	Connection detach(Connection connection) throws SQLException;

}
