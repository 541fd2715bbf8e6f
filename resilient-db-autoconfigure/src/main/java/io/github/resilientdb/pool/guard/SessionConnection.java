package io.github.resilientdb.pool.guard;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;

import io.github.resilientdb.ServerSideFailure;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.jdbc.ForwardingConnection;
import io.github.resilientdb.pool.jdbc.GuardedPreparedStatement;
import io.github.resilientdb.pool.jdbc.GuardedStatement;
import io.github.resilientdb.pool.jdbc.ReportingProxy;
import io.github.resilientdb.pool.settings.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * Forwards to the session of a connection: statements report to it, and what a dead
 * session need not do is silent.
 */
abstract class SessionConnection extends ForwardingConnection {

	// a general error, to classifiers
	private static final String LOST_BEFORE_USE = "HY000";

	private final GuardedSession session;

	private final StatementGuard statements;

	SessionConnection(ConnectionRegistry pool, Physical physical, CommitSession commits, long generation)
			throws SQLException {
		ProofOfLife proof = new ProofOfLife(pool.generations(), generation, System.nanoTime(),
				expiresAfter(pool.settings()));
		this.session = new GuardedSession(this, pool, physical, commits, proof);
		this.statements = new StatementGuard(this, this.session);
	}

	/**
	 * Draw the age limit, so that connections that were opened together are not replaced
	 * together.
	 */
	private static long expiresAfter(PoolSettings settings) {
		if (settings.recycle() == null) {
			return Long.MAX_VALUE;
		}
		long limit = settings.recycle().toNanos();
		return limit - ThreadLocalRandom.current().nextLong(limit / 5 + 1);
	}

	final GuardedSession session() {
		return this.session;
	}

	@Override
	protected Connection delegate() throws SQLException {
		return this.session.use();
	}

	@Override
	protected <T extends @Nullable Object> T call(Call<T> call) throws SQLException {
		return this.session.call(call);
	}

	@Override
	protected Statement guardStatement(Statement statement) {
		return new GuardedStatement<>(this.statements, statement);
	}

	@Override
	protected PreparedStatement guardPrepared(PreparedStatement statement, String sql) {
		return new GuardedPreparedStatement(this.statements, statement, sql);
	}

	@Override
	protected CallableStatement guardCall(CallableStatement statement) {
		return ReportingProxy.of(statement, this.statements);
	}

	@Override
	protected DatabaseMetaData guardMetaData(DatabaseMetaData metadata) {
		return ReportingProxy.of(metadata, this.statements);
	}

	/**
	 * Return the isolation level. A loss while the pool makes the connection ready gets a
	 * state that isn't of class 08: HikariCP passes over those, takes it that the level
	 * is known, and fails to open any connection from then on.
	 */
	@Override
	public int getTransactionIsolation() throws SQLException {
		try {
			return super.getTransactionIsolation();
		}
		catch (SQLException ex) {
			if (this.session.isLost() && !this.session.life().isLent()) {
				throw new SQLException(ex.getMessage(), LOST_BEFORE_USE, ex);
			}
			throw ex;
		}
	}

	@Override
	public void setTransactionIsolation(int level) throws SQLException {
		this.session.tidyUp((connection) -> connection.setTransactionIsolation(level));
	}

	@Override
	public void setCatalog(String catalog) throws SQLException {
		this.session.tidyUp((connection) -> connection.setCatalog(catalog));
	}

	@Override
	public void setSchema(String schema) throws SQLException {
		this.session.tidyUp((connection) -> connection.setSchema(schema));
	}

	@Override
	public void setNetworkTimeout(Executor executor, int milliseconds) throws SQLException {
		this.session.tidyUp((connection) -> connection.setNetworkTimeout(executor, milliseconds));
	}

	@Override
	public void setClientInfo(String name, String value) throws SQLClientInfoException {
		try {
			super.setClientInfo(name, value);
		}
		catch (SQLClientInfoException ex) {
			this.session.failed(ex);
			throw ServerSideFailure.mark(ex);
		}
	}

	@Override
	public void setClientInfo(Properties properties) throws SQLClientInfoException {
		try {
			super.setClientInfo(properties);
		}
		catch (SQLClientInfoException ex) {
			this.session.failed(ex);
			throw ServerSideFailure.mark(ex);
		}
	}

	@Override
	public @Nullable SQLWarning getWarnings() throws SQLException {
		return this.session.isLost() ? null : this.session.physical().connection().getWarnings();
	}

	@Override
	public void releaseSavepoint(Savepoint savepoint) throws SQLException {
		this.session.tidyUp((connection) -> connection.releaseSavepoint(savepoint));
	}

}
