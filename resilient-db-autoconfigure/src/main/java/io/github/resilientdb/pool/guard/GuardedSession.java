package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import io.github.resilientdb.ServerSideFailure;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.jdbc.ConnectionAction;
import io.github.resilientdb.pool.jdbc.ForwardingConnection.Call;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind a guarded connection: the driver's connection, its life and its
 * transaction, and what failures of the one mean for the others.
 */
final class GuardedSession {

	private final ConnectionRegistry pool;

	private final Physical physical;

	private final Connection connection;

	private final @Nullable WireSocket wire;

	private final CommitSession commits;

	private final ConnectionLife life = new ConnectionLife();

	private final ProofOfLife proof;

	private final TransactionTracker transaction;

	/**
	 * Create the session of a new connection.
	 * @param owner what stands for the connection in an attempt
	 * @param pool the connections of the pool
	 * @param physical the driver's connection
	 * @param commits how its transactions are committed
	 * @param proof that it was opened
	 */
	GuardedSession(Object owner, ConnectionRegistry pool, Physical physical, CommitSession commits, ProofOfLife proof)
			throws SQLException {
		this.pool = pool;
		this.physical = physical;
		this.connection = physical.connection();
		this.wire = physical.wire();
		this.commits = commits;
		this.proof = proof;
		this.transaction = new TransactionTracker(owner, commits, this.connection.getAutoCommit());
	}

	ConnectionRegistry pool() {
		return this.pool;
	}

	Physical physical() {
		return this.physical;
	}

	@Nullable WireSocket wire() {
		return this.wire;
	}

	CommitSession commits() {
		return this.commits;
	}

	ConnectionLife life() {
		return this.life;
	}

	ProofOfLife proof() {
		return this.proof;
	}

	TransactionTracker transaction() {
		return this.transaction;
	}

	boolean isLost() {
		return this.life.isOver();
	}

	boolean isClosedByDriver() {
		try {
			return this.connection.isClosed();
		}
		catch (SQLException ex) {
			return true;
		}
	}

	/**
	 * Return the driver's connection, for something that the server may have to answer.
	 * @throws SQLException if the connection is lost
	 */
	Connection use() throws SQLException {
		Throwable cause = this.life.cause();
		if (cause != null) {
			throw new ConnectionLostException(cause);
		}
		this.transaction.used();
		return this.connection;
	}

	<T extends @Nullable Object> T call(Call<T> call) throws SQLException {
		Connection connection = use();
		try {
			return call.on(connection);
		}
		catch (SQLException ex) {
			throw failed(ex);
		}
	}

	/**
	 * Do what a dead connection need not do: if it is dead, or turns out to be, the next
	 * call that needs the server says so.
	 */
	void tidyUp(ConnectionAction action) throws SQLException {
		if (isLost()) {
			return;
		}
		try {
			action.on(this.connection);
		}
		catch (SQLException ex) {
			FailureVerdict verdict = this.pool.classify(ex);
			if (verdict.kind() != Kind.DISCONNECT) {
				throw failed(ex);
			}
			lost(ex, verdict, Phase.TRANSACTION);
		}
		catch (RuntimeException | Error ex) {
			lost(ex, Loss.DRIVER_FAILED, Phase.TRANSACTION);
			throw ex;
		}
	}

	/**
	 * Roll the transaction back, which the end of the session does, too. What had failed
	 * in it, and must not be rerun, is to the driver the cause of whatever follows: it
	 * says nothing of the connection.
	 */
	void rollback() throws SQLException {
		try {
			tidyUp(Connection::rollback);
		}
		catch (SQLException ex) {
			SQLException answer = new SQLException(ex.getMessage(), ex.getSQLState(), ex.getErrorCode());
			FailureVerdict verdict = this.pool.classify(answer);
			if (verdict.scope() == Scope.NONE) {
				throw ex;
			}
			lost(ex, verdict, Phase.TRANSACTION);
		}
	}

	/**
	 * A call on this connection, or on one of its statements, failed.
	 * @param failure what the driver threw
	 * @return what to throw
	 */
	SQLException failed(SQLException failure) {
		if (this.wire != null) {
			this.wire.explain(failure);
		}
		FailureVerdict refused = this.pool.refusedWrites().verdict(failure, this);
		FailureVerdict verdict = (refused != null) ? refused : this.pool.classify(failure);
		if (verdict.kind() == Kind.OTHER) {
			this.transaction.failedOtherwise(failure);
		}
		else {
			this.transaction.failed(failure, verdict);
			if (verdict.scope() != Scope.NONE) {
				lost(failure, verdict, Phase.TRANSACTION);
			}
		}
		return ServerSideFailure.mark(failure);
	}

	/**
	 * The connection turned out to be dead.
	 * @param failure how that was noticed
	 * @param verdict what it means
	 * @param phase what the connection was needed for
	 */
	void lost(Throwable failure, FailureVerdict verdict, Phase phase) {
		if (!abandon(failure, verdict.reason())) {
			return;
		}
		this.pool.lost(this.proof, failure, verdict, phase);
		if (phase == Phase.TRANSACTION && !this.transaction.isAutoCommit()
				&& !BackendRelease.isEndedByServer(failure)) {
			this.pool.release(this.commits, TransactionTracker.abandonBackend());
		}
	}

	/**
	 * Give the connection up without telling anyone: others know.
	 */
	boolean abandon(Throwable failure, String reason) {
		boolean news = this.life.lose(failure, reason);
		if (news) {
			closeNow();
		}
		return news;
	}

	/**
	 * Give the connection up, unless it is lent.
	 */
	void abandonIfIdle(String reason) {
		if (this.life.loseIfIdle(new ConnectionLostException(null), reason)) {
			closeNow();
		}
	}

	/**
	 * Close the driver's connection, unless it belongs to somebody else.
	 */
	void close() throws SQLException {
		if (this.life.state() == ConnectionState.DETACHED) {
			return;
		}
		this.life.closed();
		if (this.wire != null) {
			if (isLost()) {
				this.wire.closeNow(); // or the driver's farewell might block
			}
			this.wire.deadline(System.nanoTime() + this.pool.settings().pingTimeout().toNanos());
		}
		this.physical.close();
	}

	private void closeNow() {
		if (this.wire != null) {
			this.wire.closeNow();
		}
	}

}
