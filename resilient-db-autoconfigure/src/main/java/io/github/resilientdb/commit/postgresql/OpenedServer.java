package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.commit.postgresql.BackendFence.Backend;
import org.jspecify.annotations.Nullable;

/**
 * What a connection led to when it was opened, and what became of that since. Not for
 * connections through a pooler, which may lead elsewhere by now.
 */
final class OpenedServer {

	private final PostgresCommitDialect dialect;

	private final ServerState state;

	OpenedServer(PostgresCommitDialect dialect, ServerState state) {
		this.dialect = dialect;
		this.state = state;
	}

	/**
	 * Whether the cluster has another primary now.
	 */
	boolean isSuperseded() {
		return this.dialect.isSuperseded(this.state.token());
	}

	/**
	 * Return why an answer to COMMIT is not believed, {@code null} if it is.
	 * @param sent when COMMIT was sent
	 */
	@Nullable SQLException doubt(long sent) {
		return this.dialect.isDoubtful(sent, this.state.token())
				? new SQLException("COMMIT was answered late, and another server was reached meanwhile", "08006")
				: null;
	}

	/**
	 * Look at the process of the connection.
	 * @param other another connection to the same address
	 */
	BackendState look(Connection other) throws SQLException {
		ServerState now = this.dialect.probe().probe(other);
		if (now == null) {
			return BackendState.UNIDENTIFIED;
		}
		BackendState found = BackendLook.at(this.state, now, other);
		if (found == BackendState.SUPERSEDED) {
			this.dialect.seen(now.token());
		}
		return found;
	}

	/**
	 * Return the process of the connection, {@code null} if it is not known well enough.
	 * @param began when its transaction began, as a {@link System#nanoTime()} value
	 * @param lastAnswer when its last answer came, as a {@link System#nanoTime()} value
	 */
	@Nullable Backend process(long began, long lastAnswer) {
		String start = this.state.backendStart();
		return (start != null) ? new Backend(this.state.backendPid(), start, began, lastAnswer) : null;
	}

	/**
	 * End the process of the connection if it waits for us.
	 * @param other another connection to the same server
	 */
	boolean endWaiting(Connection other) throws SQLException {
		Backend process = process(0, 0);
		return process != null && this.dialect.fence().terminateWaiting(other, process);
	}

	/**
	 * Whether this may be the same server as another one, in the same run.
	 */
	boolean mayBe(OpenedServer other) {
		String mine = this.state.token().postmasterStart();
		String others = other.state.token().postmasterStart();
		return mine == null || others == null || mine.equals(others);
	}

}
