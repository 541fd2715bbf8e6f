package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.concurrent.Executor;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.ConnectionStatus;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.pool.connect.Physical;
import org.jspecify.annotations.Nullable;

/**
 * A physical connection that knows whether it is alive.
 * <p>
 * Once it is known dead, what only tidies up ({@code rollback()}, {@code close()},
 * resetting its state) is silent, so that the failure that the application sees is the
 * one that killed it; whatever needs the server fails, with that failure as cause.
 * {@code commit()} is never silent.
 * <p>
 * Like any connection, it is used by one thread at a time; only its life is seen, and
 * ended, by others.
 */
public final class GuardedConnection extends SessionConnection implements ConnectionStatus {

	private final ConnectionRegistry pool;

	private final Connection physical;

	private final GuardedSession session = session();

	private final TransactionTracker transaction = this.session.transaction();

	private final TransactionCommit commit;

	private final ConnectionCheck check;

	GuardedConnection(ConnectionRegistry pool, Physical physical, CommitSession commits, long generation)
			throws SQLException {
		super(pool, physical, commits, generation);
		this.pool = pool;
		this.physical = physical.connection();
		this.commit = new TransactionCommit(this.session);
		this.check = new ConnectionCheck(this, this.session);
		pool.watch(this, physical);
	}

	// lending

	/**
	 * Check the connection before it is lent, and lend it to the current thread.
	 * @param lease what is going to be handed out
	 * @param deadline how long that may take at most
	 * @return whether it was lent
	 */
	public Lending lend(Connection lease, long deadline) {
		return this.check.lend(lease, deadline);
	}

	/**
	 * Lend the connection to the current thread without a check, unless it was given up
	 * meanwhile.
	 * @param lease what is going to be handed out
	 * @return whether it was lent
	 */
	public boolean lendUnchecked(Connection lease) {
		return this.check.lendUnchecked(lease);
	}

	public boolean isLent() {
		return this.session.life().isLent();
	}

	public boolean isOf(ConnectionRegistry pool) {
		return this.pool == pool;
	}

	/**
	 * Give the connection up without telling anyone: others know.
	 * @param reason why
	 */
	public void abandon(String reason) {
		this.session.abandon(new ConnectionLostException(null), reason);
	}

	/**
	 * Let the physical connection go: it belongs to the caller from now on.
	 * @return the driver's connection
	 * @throws SQLException if the connection is lost
	 */
	public Connection detach() throws SQLException {
		Connection connection = this.session.use();
		this.session.life().detach();
		return connection;
	}

	/**
	 * Discard what the last borrower left in the session. Never throws: the connection is
	 * given up instead.
	 * @param initSql what is run afterwards, {@code null} for nothing
	 */
	public void discardSessionState(@Nullable String initSql) {
		SessionReset.run(this.session, initSql);
	}

	// the transaction

	@Override
	public boolean isDead() {
		return this.session.isLost() || this.session.isClosedByDriver();
	}

	@Override
	public void transactionStarted() {
		this.transaction.began();
	}

	/**
	 * Switching auto-commit on commits, as JDBC demands, whatever was done since the last
	 * transaction ended. A dead connection on which nothing was done has nothing to
	 * commit: it is tidied up, as when HikariCP takes it back.
	 */
	@Override
	public void setAutoCommit(boolean autoCommit) throws SQLException {
		if (!autoCommit) {
			this.session.call((connection) -> {
				connection.setAutoCommit(false);
				return true;
			});
			this.transaction.autoCommitOff();
			this.transaction.began();
			return;
		}
		if (!this.transaction.isAutoCommit() && this.transaction.mayHaveToCommit(this.session.isLost(), isDead())) {
			commit();
		}
		this.session.tidyUp((connection) -> connection.setAutoCommit(true));
		this.transaction.autoCommitOn();
	}

	@Override
	public boolean getAutoCommit() {
		return this.transaction.isAutoCommit();
	}

	@Override
	public void commit() throws SQLException {
		this.commit.commit();
	}

	@Override
	public void rollback() throws SQLException {
		if (this.session.isLost()) {
			this.transaction.nothingIsOpen();
			return;
		}
		this.session.rollback();
		this.transaction.ended(TransactionOutcome.ROLLED_BACK);
	}

	@Override
	public void rollback(Savepoint savepoint) throws SQLException {
		this.session.tidyUp((connection) -> connection.rollback(savepoint));
		this.transaction.rolledBackToSavepoint(this.session.isLost());
	}

	@Override
	public void setReadOnly(boolean readOnly) throws SQLException {
		this.session.tidyUp((connection) -> connection.setReadOnly(readOnly));
		this.transaction.readOnly(readOnly);
	}

	@Override
	public boolean isReadOnly() throws SQLException {
		return this.session.isLost() ? this.transaction.isReadOnly() : this.physical.isReadOnly();
	}

	/**
	 * HikariCP's last call on a connection that is returned, or the application's.
	 */
	@Override
	public void clearWarnings() throws SQLException {
		this.session.tidyUp(Connection::clearWarnings);
		this.session.proof().used(System.nanoTime());
	}

	// the end

	@Override
	public boolean isValid(int timeout) throws SQLException {
		if (this.session.isLost()) {
			return false;
		}
		return isLent() ? isValidForUser(timeout) : this.check.isValidForPool(timeout);
	}

	/**
	 * Let the driver answer, with the timeout that was asked for: it waits its turn while
	 * another thread runs a statement, which must not be cut short.
	 */
	private boolean isValidForUser(int timeout) throws SQLException {
		boolean valid = this.session.call((connection) -> connection.isValid(timeout));
		if (!valid && this.session.isClosedByDriver()) {
			this.session.lost(new ConnectionLostException(null), Loss.NO_ANSWER, Phase.TRANSACTION);
		}
		return valid;
	}

	@Override
	public boolean isClosed() throws SQLException {
		return this.physical.isClosed();
	}

	@Override
	public void close() throws SQLException {
		this.pool.remove(this, this.session.life().reason());
		this.session.close();
	}

	@Override
	public void abort(Executor executor) throws SQLException {
		abandon("aborted");
		this.pool.remove(this, "aborted");
		this.physical.abort(executor);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T unwrap(Class<T> type) throws SQLException {
		if (type.isInstance(this)) {
			return (T) this;
		}
		this.transaction.driverExposed();
		return this.physical.unwrap(type);
	}

	@Override
	public boolean isWrapperFor(Class<?> type) throws SQLException {
		return type.isInstance(this) || this.physical.isWrapperFor(type);
	}

	@Override
	public String toString() {
		return "Guarded[" + this.physical + "]";
	}

}
