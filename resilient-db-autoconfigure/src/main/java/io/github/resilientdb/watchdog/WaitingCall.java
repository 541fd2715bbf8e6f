package io.github.resilientdb.watchdog;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.commit.BackendState;

/**
 * A call that has waited long for an answer.
 */
public interface WaitingCall {

	/**
	 * Return which server it waits for. Those that wait for the same one are looked into
	 * together.
	 * @return the address
	 */
	String address();

	/**
	 * Return whether it waits no longer.
	 * @return whether the answer came, or the connection is closed
	 */
	boolean isOver();

	/**
	 * Return when anything was last heard from its server, on any connection.
	 * @return a value of {@link System#nanoTime()}
	 */
	long heardAt();

	/**
	 * Return for how long to leave it alone at least after a look that told nothing.
	 * @return nanoseconds
	 */
	default long leftAlone() {
		return 0;
	}

	/**
	 * Look at its server process.
	 * @param other another connection
	 * @return what the process does
	 * @throws SQLException if the other connection fails
	 */
	BackendState look(Connection other) throws SQLException;

	/**
	 * Have its server process ended, if that is allowed.
	 * @param other another connection
	 * @throws SQLException if the other connection fails
	 */
	void endBackend(Connection other) throws SQLException;

	/**
	 * Close its connection.
	 * @param reason why, as the exception of the call says it
	 */
	void cut(String reason);

	/**
	 * Close its connection, and all others to the same server from which nothing was
	 * heard since then.
	 * @param reason why, as the exceptions say it
	 * @param since since when, as a value of {@link System#nanoTime()}
	 */
	void cutWithServer(String reason, long since);

}
