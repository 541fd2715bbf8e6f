package io.github.resilientdb.pool.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The connection of statements, which learns from them and from their results what is
 * done on it, and what fails.
 */
public interface StatementOwner {

	/**
	 * Return what the application holds, which stands for the connection.
	 * @return the connection
	 */
	Connection lease();

	/**
	 * A statement is about to be executed.
	 * @throws SQLException if the connection is lost
	 */
	void executing() throws SQLException;

	/**
	 * Statements were executed.
	 * @param sql their text
	 */
	void executed(String sql);

	/**
	 * The execution of statements failed.
	 * @param sql their text
	 * @param failure what the driver threw
	 * @return what to throw
	 */
	SQLException executionFailed(String sql, SQLException failure);

	/**
	 * Another call failed.
	 * @param failure what the driver threw
	 * @return what to throw
	 */
	SQLException failed(SQLException failure);

	/**
	 * The driver stopped in the middle of something.
	 * @param failure what it threw
	 */
	void driverFailed(Throwable failure);

	/**
	 * Statements are added to a batch.
	 * @param batch a text that stands for what is in the batch, empty if that is nothing
	 * of importance
	 * @param sql their text
	 * @return a text that stands for both
	 */
	String batched(String batch, String sql);

}
