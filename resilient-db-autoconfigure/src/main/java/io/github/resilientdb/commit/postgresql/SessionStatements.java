package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import io.github.resilientdb.commit.MarkerTable;
import org.jspecify.annotations.Nullable;

/**
 * The statements that one connection needs to commit. Each is prepared once, so that the
 * server parses it only once, and without the settings that the application has made for
 * its own.
 */
final class SessionStatements {

	static final String XID = "pg_catalog.txid_current_if_assigned(), "
			+ "pg_catalog.current_setting('synchronous_commit')";

	private boolean pooled;

	private @Nullable PreparedStatement xid;

	private @Nullable PreparedStatement mark;

	private @Nullable PreparedStatement guardedMark;

	/**
	 * Tell whether there is a pooler in between, which knows no named statements.
	 */
	void pooled(boolean pooled) {
		this.pooled = pooled;
	}

	/**
	 * The one that reads the id of the current transaction.
	 */
	PreparedStatement xid(Connection physical) throws SQLException {
		PreparedStatement statement = this.xid;
		if (statement == null || statement.isClosed()) {
			statement = prepare(physical, "SELECT " + XID);
			this.xid = statement;
		}
		return statement;
	}

	/**
	 * The one that marks and commits in one message; its parameter is the marker.
	 * @param guarded whether the transaction is to survive if the marker is refused
	 */
	PreparedStatement markAndCommit(Connection physical, MarkerTable table, boolean guarded) throws SQLException {
		PreparedStatement statement = guarded ? this.guardedMark : this.mark;
		if (statement == null || statement.isClosed()) {
			statement = prepare(physical,
					guarded ? ServerProbe.withSavepoint(table.markAndCommit()) : table.markAndCommit());
			if (guarded) {
				this.guardedMark = statement;
			}
			else {
				this.mark = statement;
			}
		}
		return statement;
	}

	private PreparedStatement prepare(Connection physical, String sql) throws SQLException {
		PreparedStatement statement = physical.prepareStatement(sql);
		statement.setFetchSize(0);
		statement.setMaxRows(0);
		statement.setQueryTimeout(0);
		if (this.pooled) {
			PostgresDriver.keepUnnamed(statement);
		}
		return statement;
	}

}
