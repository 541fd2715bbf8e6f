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

	// by its id alone: roles that may not see its start must not take it for gone
	private static final String ROW = "SELECT a.state, a.wait_event, " + ServerProbe.BACKEND_START
			+ " FROM pg_catalog.pg_stat_activity a WHERE a.pid = ?";

	// what the server calls its waits for the client; a process that sends is active
	private static final Set<String> CLIENT_WAITS = Set.of("ClientRead", "ClientWrite");

	private BackendLook() {
	}

	/**
	 * Look at the process.
	 * @param before the server that the connection led to when it was opened
	 * @param now the server that the other connection leads to
	 * @param other the other connection
	 */
	static BackendState at(ServerState before, ServerState now, Connection other) throws SQLException {
		BackendState known = known(before, now);
		if (known != null) {
			return known;
		}
		try (PreparedStatement statement = other.prepareStatement(ROW)) {
			statement.setInt(1, before.backendPid());
			try (ResultSet row = statement.executeQuery()) {
				return row.next() ? of(before, row.getString(3), row.getString(1), row.getString(2))
						: BackendState.GONE;
			}
		}
	}

	/**
	 * Return what is known without looking for the process itself, {@code null} if it
	 * must be looked for.
	 */
	static @Nullable BackendState known(ServerState before, ServerState now) {
		ContinuityToken then = before.token();
		ContinuityToken token = now.token();
		boolean sameCluster = then.systemIdentifier() != null
				&& then.systemIdentifier().equals(token.systemIdentifier());
		if (sameCluster && Timelines.isHigher(token.timeline(), then.timeline())) {
			return BackendState.SUPERSEDED;
		}
		if (then.postmasterStart() == null || token.postmasterStart() == null) {
			return BackendState.UNIDENTIFIED;
		}
		if (then.postmasterStart().equals(token.postmasterStart())) {
			return (before.backendStart() != null) ? null : BackendState.UNIDENTIFIED;
		}
		boolean samePrimary = sameCluster && then.timeline() != null && then.timeline().equals(token.timeline());
		return (samePrimary && isStartedSince(before, token.postmasterStart())) ? BackendState.GONE
				: BackendState.ELSEWHERE;
	}

	/**
	 * Returns whether a server was started after the process was: of several servers that
	 * look alike, one that is as old may be another.
	 */
	private static boolean isStartedSince(ServerState before, String postmasterStart) {
		return before.backendStart() != null && Long.parseLong(postmasterStart) > Long.parseLong(before.backendStart());
	}

	private static BackendState of(ServerState before, @Nullable String start, @Nullable String state,
			@Nullable String waitEvent) {
		if (start == null) {
			return BackendState.UNIDENTIFIED;
		}
		return start.equals(before.backendStart()) ? of(state, waitEvent) : BackendState.GONE;
	}

	/**
	 * Return what a row of the activity view says.
	 */
	static BackendState of(@Nullable String state, @Nullable String waitEvent) {
		if (state == null || state.equals("disabled")) {
			return BackendState.UNIDENTIFIED;
		}
		boolean waiting = state.startsWith("idle") || (waitEvent != null && CLIENT_WAITS.contains(waitEvent));
		return waiting ? BackendState.WAITING : BackendState.WORKING;
	}

}
