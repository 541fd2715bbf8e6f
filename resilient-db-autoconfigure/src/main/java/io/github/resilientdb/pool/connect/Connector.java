package io.github.resilientdb.pool.connect;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * Opens physical connections.
 */
public interface Connector {

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
	 * Return why connections of this kind have no socket to look at.
	 * @return the reason, {@code null} if they have one
	 */
	@Nullable String probeUnavailable();

}
