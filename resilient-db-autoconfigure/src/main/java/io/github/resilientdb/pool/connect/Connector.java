package io.github.resilientdb.pool.connect;

import java.sql.SQLException;

import javax.sql.DataSource;

import io.github.resilientdb.watchdog.Servers;
import io.github.resilientdb.watchdog.Servers.Visit;
import org.jspecify.annotations.Nullable;

/**
 * Opens physical connections.
 */
interface Connector {

	/**
	 * Open a connection.
	 * @param username the user, {@code null} for the configured one
	 * @param password the password, {@code null} for the configured one
	 * @param deadline until when that may take, as a value of {@link System#nanoTime()}
	 * @param primary whether the server must be a primary
	 * @return the connection
	 * @throws SQLException if there is none to be had
	 */
	Physical connect(@Nullable String username, @Nullable String password, long deadline, PrimaryRequirement primary)
			throws SQLException;

	/**
	 * Open a connection beside the pool, to the server that others lead to.
	 * @param address which of several hosts that is, {@code null} if there is one
	 * @param username the user, {@code null} for the configured one
	 * @param password the password, {@code null} for the configured one
	 * @param patience how long the server may be silent, in nanoseconds
	 * @param deadline until when connecting and all that is asked may take
	 * @return what came of it
	 */
	default Visit visit(@Nullable String address, @Nullable String username, @Nullable String password, long patience,
			long deadline) {
		return new Servers.Refused(new SQLException("Sockets of this kind are not watched"));
	}

	/**
	 * Ask one of several hosts last, for a while.
	 * @param address the host, {@code null} if there is only one
	 */
	default void avoid(@Nullable String address) {
	}

	/**
	 * Return how many servers one attempt may ask.
	 */
	default int hosts() {
		return 1;
	}

	/**
	 * Return whether the configuration asks for a standby.
	 */
	default boolean prefersStandby() {
		return false;
	}

	/**
	 * Return how many attempts that nobody waits for any more have not come back.
	 */
	default int hanging() {
		return 0;
	}

	/**
	 * Return where connections come from, if that is a {@code DataSource} of the user.
	 */
	default @Nullable DataSource dataSource() {
		return null;
	}

	/**
	 * Return why connections of this kind have no socket to look at.
	 * @return the reason, {@code null} if they have one
	 */
	@Nullable String probeUnavailable();

}
