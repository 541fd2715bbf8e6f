package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.pool.socket.WireSocket;

/**
 * What the statements of one connection, and their results, tell it.
 */
final class StatementGuard {

	private final Connection connection;

	private final GuardedSession session;

	private final TransactionTracker transaction;

	StatementGuard(Connection connection, GuardedSession session) {
		this.connection = connection;
		this.session = session;
		this.transaction = session.transaction();
	}

	/**
	 * Return what the application holds, which stands for this connection.
	 */
	Connection lease() {
		Connection lease = this.session.life().lease();
		return (lease != null) ? lease : this.connection;
	}

	/**
	 * A statement is about to be executed.
	 * @throws SQLException if the connection is lost
	 */
	void executing() throws SQLException {
		Connection connection = this.session.use();
		try {
			this.transaction.executing(connection);
		}
		catch (SQLException ex) {
			throw failed(ex);
		}
	}

	/**
	 * Statements were executed.
	 * @param sql their text
	 */
	void executed(String sql) {
		this.transaction.executed(CommitStatement.in(sql));
	}

	/**
	 * The execution of a statement failed. If that statement was to commit, and the
	 * answer was lost, nobody knows whether it did.
	 * @param sql its text
	 * @param failure what the driver threw
	 * @return what to throw
	 */
	SQLException executionFailed(String sql, SQLException failure) {
		boolean unknown = this.session.pool().classify(failure).kind() == Kind.DISCONNECT
				&& CommitStatement.in(sql) != CommitStatement.Place.NONE;
		SQLException marked = failed(failure);
		if (unknown) {
			this.transaction.ended(TransactionOutcome.UNKNOWN);
		}
		return marked;
	}

	/**
	 * A call failed.
	 * @param failure what the driver threw
	 * @return what to throw
	 */
	SQLException failed(SQLException failure) {
		return this.session.failed(failure);
	}

	/**
	 * The driver stopped in the middle of something.
	 */
	void driverFailed(Throwable failure) {
		WireSocket wire = this.session.wire();
		if (wire != null && wire.isAnswerPending()) {
			this.session.lost(failure, Loss.DRIVER_FAILED, Phase.TRANSACTION);
		}
	}

}
