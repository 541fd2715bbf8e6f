package io.github.resilientdb.pool.connect;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * An attempt to open a connection that is over.
 *
 * @param began when it began, as a {@link System#nanoTime()}
 * @param ended when it ended, likewise
 * @param failure why it failed, {@code null} if it succeeded
 */
record ConnectAttempt(long began, long ended, @Nullable Exception failure) {

	/**
	 * Return whether the server answered, if only to refuse.
	 */
	boolean isAnswered() {
		String state = (this.failure instanceof SQLException ex) ? ex.getSQLState() : null;
		return this.failure == null || (state != null && !state.startsWith("08"));
	}

}
