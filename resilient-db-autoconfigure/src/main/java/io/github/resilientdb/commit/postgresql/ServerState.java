package io.github.resilientdb.commit.postgresql;

import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * What a connection says about the server behind it.
 *
 * @param backendPid the process that serves the connection
 * @param backendStart when that process was started
 * @param standby whether the server is in recovery
 * @param readOnly whether the current transaction is read-only
 * @param token identifies the run of the server
 */
record ServerState(int backendPid, @Nullable String backendStart, boolean standby, boolean readOnly,
		ContinuityToken token) {

	/**
	 * A server that did not say which one it is.
	 */
	static final ServerState UNKNOWN = new ServerState(0, null, false, false, ContinuityToken.EMPTY);

	/**
	 * Read the columns that {@link ServerProbe} selects.
	 * @param first the index of the first one
	 */
	static ServerState read(ResultSet rows, int first) throws SQLException {
		return new ServerState(rows.getInt(first), rows.getString(first + 1), rows.getBoolean(first + 2),
				rows.getBoolean(first + 3), new ContinuityToken(rows.getString(first + 4), rows.getString(first + 5),
						rows.getString(first + 6), rows.getString(first + 7)));
	}

	/**
	 * Return whether the server is a standby, and has been one ever since an earlier
	 * state: a standby can be promoted, but a primary can't become one without a restart.
	 */
	boolean standbySince(ServerState before) {
		return this.standby && before.standby && this.token.postmasterStart() != null
				&& this.token.postmasterStart().equals(before.token.postmasterStart());
	}

}
