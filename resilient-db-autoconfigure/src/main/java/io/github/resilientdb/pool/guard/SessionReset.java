package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;

/**
 * Discards what a borrower has left in a session.
 */
final class SessionReset {

	private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(30);

	private SessionReset() {
	}

	/**
	 * Run {@code DISCARD ALL} outside of any transaction, and the initial SQL again. A
	 * session on which that fails is given up.
	 */
	static void run(GuardedSession session, @Nullable String initSql) {
		if (session.isLost()) {
			return;
		}
		WireSocket wire = session.wire();
		if (wire != null) {
			wire.deadline(System.nanoTime() + TIMEOUT);
		}
		try {
			discardAll(session.physical().connection(), initSql);
			if (wire != null) {
				wire.clearDeadline();
			}
		}
		catch (SQLException | RuntimeException ex) {
			FailureVerdict verdict = session.pool().classify(ex);
			session.lost(ex, (verdict.kind() == Kind.DISCONNECT) ? verdict : Loss.RESET_FAILED, Phase.TRANSACTION);
		}
	}

	private static void discardAll(Connection connection, @Nullable String initSql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			boolean wasAutoCommit = connection.getAutoCommit();
			if (!wasAutoCommit) {
				connection.rollback();
				connection.setAutoCommit(true);
			}
			statement.execute("DISCARD ALL");
			if (initSql != null) {
				statement.execute(initSql);
			}
			connection.setAutoCommit(wasAutoCommit);
		}
	}

}
