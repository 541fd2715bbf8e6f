package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.LongSupplier;

import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.socket.NetworkTimeout;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;

/**
 * Reads what must be known of a new connection to commit on it, in time.
 *
 * @param commits how transactions are committed
 * @param database the database of the pool
 */
record SessionStart(CommitProtocol commits, Database database) {

	/**
	 * Open the session of a new connection.
	 * @param physical the connection
	 * @param deadline until when that may take
	 * @return the session
	 * @throws SQLException if the connection is of no use
	 */
	CommitSession open(Physical physical, long deadline) throws SQLException {
		WireSocket wire = physical.wire();
		Connection connection = physical.connection();
		int networkTimeout = 0;
		if (wire != null) {
			wire.deadline(deadline);
		}
		else {
			networkTimeout = NetworkTimeout.of(connection);
			NetworkTimeout.until(connection, deadline);
		}
		try {
			CommitSession session = open(connection, physical.lastAnswer());
			if (wire != null) {
				wire.clearDeadline();
			}
			else {
				NetworkTimeout.set(connection, networkTimeout);
			}
			return session;
		}
		catch (SQLException | RuntimeException ex) {
			this.database.setUpFailed(ex);
			throw ex;
		}
	}

	/**
	 * Read what must be known with auto-commit on, whatever the connection was born with:
	 * that must not open a transaction, which might have to be committed.
	 */
	private CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException {
		if (physical.getAutoCommit()) {
			return this.commits.open(physical, lastAnswer);
		}
		physical.setAutoCommit(true);
		CommitSession session = this.commits.open(physical, lastAnswer);
		physical.setAutoCommit(false);
		return session;
	}

}
