package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;

import io.github.resilientdb.commit.BackendState;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the process that serves a connection, on another one.
 */
final class BackendLook {

	private static final String ROW = "SELECT a.state, a.wait_event FROM pg_catalog.pg_stat_activity a WHERE "
			+ ServerProbe.IS_BACKEND;

	// what the server calls its waits for the client; a process that sends is active
	private static final Set<String> CLIENT_WAITS = Set.of("ClientRead", "ClientWrite");

	private BackendLook() {
	}

	/**
	 * Looks at the process.
	 * @param before the server that the connection led to when it was opened
	 * @param now the server that the other connection leads to
	 * @param other the other connection
	 */
	static BackendState at(ServerState before, ServerState now, Connection other) throws SQLException {
		BackendState known = known(before.token(), now);
		if (known != null) {
			return known;
		}
		try (PreparedStatement statement = other.prepareStatement(ROW)) {
			statement.setInt(1, before.backendPid());
			statement.setString(2, before.backendStart());
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? of(row.getString(1), row.getString(2)) : BackendState.GONE;
			}
		}
	}

	/**
	 * Returns what is known without looking for the process itself, {@code null} if it
	 * must be looked for.
	 */
	static @Nullable BackendState known(ContinuityToken before, ServerState now) {
		ContinuityToken token = now.token();
		boolean sameCluster = before.systemIdentifier() != null
				&& before.systemIdentifier().equals(token.systemIdentifier());
		if (sameCluster && Timelines.isHigher(token.timeline(), before.timeline())) {
			return BackendState.SUPERSEDED;
		}
		if (before.postmasterStart() == null || token.postmasterStart() == null) {
			return BackendState.UNIDENTIFIED;
		}
		if (before.postmasterStart().equals(token.postmasterStart())) {
			return null;
		}
		boolean restarted = sameCluster && before.timeline() != null && before.timeline().equals(token.timeline());
		return restarted ? BackendState.GONE : BackendState.ELSEWHERE;
	}

	/**
	 * Returns what a row of the activity view says.
	 */
	static BackendState of(@Nullable String state, @Nullable String waitEvent) {
		if (state == null || state.equals("disabled")) {
			return BackendState.UNIDENTIFIED;
		}
		boolean waiting = state.startsWith("idle") || (waitEvent != null && CLIENT_WAITS.contains(waitEvent));
		return waiting ? BackendState.WAITING : BackendState.WORKING;
	}

}
