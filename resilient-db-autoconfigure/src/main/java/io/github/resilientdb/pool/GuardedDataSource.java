package io.github.resilientdb.pool;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

import javax.sql.DataSource;

import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.pool.Connector.Physical;
import org.jspecify.annotations.Nullable;

/**
 * The {@code DataSource} under HikariCP: opens guarded connections.
 */
final class GuardedDataSource implements DataSource {

	private static final Duration LONGEST_CONNECT = Duration.ofMinutes(1);

	private final PoolGuard pool;

	private final CommitProtocol commits;

	private final boolean verifyAll;

	private final LongSupplier connectTimeoutMillis;

	private @Nullable PrintWriter logWriter;

	GuardedDataSource(PoolGuard pool, CommitProtocol commits, boolean verifyAll, LongSupplier connectTimeoutMillis) {
		this.connectTimeoutMillis = connectTimeoutMillis;
		this.pool = pool;
		this.commits = commits;
		this.verifyAll = verifyAll;
	}

	@Override
	public Connection getConnection() throws SQLException {
		// before the connect: one that is under way during an incident is older than it
		long generation = this.pool.generations().current();
		long deadline = deadline();
		return guard(this.pool.connect(deadline), generation, deadline);
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		long generation = this.pool.generations().current();
		long deadline = deadline();
		return guard(this.pool.connect(username, password, deadline), generation, deadline);
	}

	private long deadline() {
		long millis = Math.min(this.connectTimeoutMillis.getAsLong(), LONGEST_CONNECT.toMillis());
		return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
	}

	/**
	 * Open a connection for one borrower, without asking it anything: that would cost as
	 * much as the connect.
	 * @param deadline until when that may take
	 * @return the connection
	 * @throws SQLException if there is none to be had
	 */
	GuardedConnection openForOne(long deadline) throws SQLException {
		long generation = this.pool.generations().current();
		Physical physical = this.pool.connect(deadline);
		try {
			return guard(physical, this.commits.openLazily(physical.connection(), physical.lastAnswer()), generation);
		}
		catch (SQLException | RuntimeException ex) {
			closeAfter(physical, ex);
			throw ex;
		}
	}

	private GuardedConnection guard(Physical physical, long generation, long deadline) throws SQLException {
		CommitSession session = session(physical, deadline);
		try {
			return guard(physical, session, generation);
		}
		catch (SQLException | RuntimeException ex) {
			closeAfter(physical, ex);
			throw ex;
		}
	}

	private GuardedConnection guard(Physical physical, CommitSession session, long generation) throws SQLException {
		GuardedConnection connection = new GuardedConnection(this.pool, physical, session, this.verifyAll, generation);
		this.pool.add(connection);
		return connection;
	}

	private CommitSession session(Physical physical, long deadline) throws SQLException {
		WireSocket wire = physical.wire();
		if (wire != null) {
			wire.deadline(deadline);
		}
		try {
			CommitSession session = session(physical.connection(), physical.lastAnswer());
			if (wire != null) {
				wire.clearDeadline();
			}
			return session;
		}
		catch (SQLException | RuntimeException ex) {
			this.pool.connectFailed(ex);
			closeAfter(physical, ex);
			throw ex;
		}
	}

	/**
	 * Read what must be known with auto-commit on, whatever the connection was born with:
	 * that must not open a transaction, which might have to be committed.
	 */
	private CommitSession session(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException {
		if (physical.getAutoCommit()) {
			return this.commits.open(physical, lastAnswer);
		}
		physical.setAutoCommit(true);
		CommitSession session = this.commits.open(physical, lastAnswer);
		physical.setAutoCommit(false);
		return session;
	}

	private void closeAfter(Physical physical, Exception failure) {
		try {
			physical.connection().close();
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	@Override
	public @Nullable PrintWriter getLogWriter() {
		return this.logWriter;
	}

	@Override
	public void setLogWriter(@Nullable PrintWriter logWriter) {
		this.logWriter = logWriter;
	}

	/**
	 * Not used: the driver manager's timeout, where HikariCP would set it, is global, and
	 * the pool's own is exact.
	 */
	@Override
	public void setLoginTimeout(int seconds) {
	}

	@Override
	public int getLoginTimeout() {
		return (int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(this.connectTimeoutMillis.getAsLong()));
	}

	@Override
	public Logger getParentLogger() {
		return Logger.getLogger(Logger.GLOBAL_LOGGER_NAME);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T unwrap(Class<T> type) throws SQLException {
		if (type.isInstance(this)) {
			return (T) this;
		}
		if (this.pool.connector() instanceof DataSourceConnector connector) {
			DataSource dataSource = connector.dataSource();
			return type.isInstance(dataSource) ? (T) dataSource : dataSource.unwrap(type);
		}
		throw new SQLException("Not a wrapper for " + type.getName());
	}

	@Override
	public boolean isWrapperFor(Class<?> type) throws SQLException {
		if (type.isInstance(this)) {
			return true;
		}
		return this.pool.connector() instanceof DataSourceConnector connector
				&& (type.isInstance(connector.dataSource()) || connector.dataSource().isWrapperFor(type));
	}

}
