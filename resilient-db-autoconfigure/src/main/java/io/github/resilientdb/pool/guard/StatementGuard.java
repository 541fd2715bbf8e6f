package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.pool.jdbc.ReadOnlyStatement;
import io.github.resilientdb.pool.jdbc.StatementOwner;
import io.github.resilientdb.pool.socket.WireSocket;

/**
 * What the statements of one connection, and their results, tell it.
 */
final class StatementGuard implements StatementOwner {

	private static final String COMMIT_AND_MORE = "commit; select 1";

	private final Connection connection;

	private final GuardedSession session;

	private final TransactionTracker transaction;

	StatementGuard(Connection connection, GuardedSession session) {
		this.connection = connection;
		this.session = session;
		this.transaction = session.transaction();
	}

	@Override
	public Connection lease() {
		Connection lease = this.session.life().lease();
		return (lease != null) ? lease : this.connection;
	}

	@Override
	public void executing() throws SQLException {
		Connection connection = this.session.use();
		try {
			this.transaction.executing(connection);
		}
		catch (SQLException ex) {
			throw failed(ex);
		}
	}

	@Override
	public void executed(String sql) {
		this.transaction.executed(CommitStatement.in(sql));
		if (ReadOnlyStatement.is(sql)) {
			this.transaction.declaredReadOnly();
		}
	}

	/**
	 * If the statement was to commit, and the answer was lost, nobody knows whether it
	 * did.
	 */
	@Override
	public SQLException executionFailed(String sql, SQLException failure) {
		boolean unknown = this.session.pool().classify(failure).kind() == Kind.DISCONNECT
				&& CommitStatement.in(sql) != CommitStatement.Place.NONE;
		SQLException marked = failed(failure);
		if (unknown) {
			this.transaction.ended(TransactionOutcome.UNKNOWN);
		}
		return marked;
	}

	@Override
	public SQLException failed(SQLException failure) {
		return this.session.failed(failure);
	}

	@Override
	public void driverFailed(Throwable failure) {
		WireSocket wire = this.session.wire();
		boolean closed = this.session.isClosedByDriver();
		if (closed) {
			// pgjdbc 42.7.11 answers a loss during a batch with an AssertionError
			this.transaction.failed(failure, Loss.DRIVER_FAILED);
		}
		if (closed || (wire != null && wire.isAnswerPending())) {
			this.session.lost(failure, Loss.DRIVER_FAILED, Phase.TRANSACTION);
		}
	}

	@Override
	public String batched(String batch, String sql) {
		if (CommitStatement.in(sql) != CommitStatement.Place.NONE) {
			return sql;
		}
		return batch.isEmpty() ? batch : COMMIT_AND_MORE;
	}

}
