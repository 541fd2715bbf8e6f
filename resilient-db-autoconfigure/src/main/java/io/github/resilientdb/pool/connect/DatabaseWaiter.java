package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.util.Objects;

import com.zaxxer.hikari.util.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * Someone who waits for a database that is away, and what came of it. Guarded by the lock
 * of the prober.
 */
final class DatabaseWaiter {

	private final Credentials credentials;

	private @Nullable Physical physical;

	private @Nullable SQLException failure;

	DatabaseWaiter(Credentials credentials) {
		this.credentials = credentials;
	}

	/**
	 * Hand over a connection.
	 * @param physical the connection
	 * @param others the credentials with which it was opened
	 * @return whether it is taken
	 */
	boolean take(Physical physical, Credentials others) {
		if (this.physical != null || !Objects.equals(this.credentials.getUsername(), others.getUsername())
				|| !Objects.equals(this.credentials.getPassword(), others.getPassword())) {
			return false;
		}
		this.physical = physical;
		return true;
	}

	void fail(@Nullable SQLException failure) {
		this.failure = failure;
	}

	boolean isDone() {
		return this.physical != null || this.failure != null;
	}

	/**
	 * Return the connection, if there is one.
	 */
	@Nullable Physical physical() {
		return this.physical;
	}

	/**
	 * Return the connection, if there is one.
	 * @throws SQLException if there will be none
	 */
	@Nullable Physical result() throws SQLException {
		if (this.physical == null && this.failure != null) {
			throw copy(this.failure);
		}
		return this.physical;
	}

	/**
	 * Copy a failure that others who wait get, too.
	 */
	static SQLException copy(SQLException failure) {
		return (failure instanceof SQLTransientException)
				? new SQLTransientConnectionException(failure.getMessage(), failure.getSQLState(), failure)
				: new SQLException(failure.getMessage(), failure.getSQLState(), failure);
	}

}
