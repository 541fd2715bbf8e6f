package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.UtilityElf;
import io.github.resilientdb.pool.guard.GuardedConnection;
import io.github.resilientdb.pool.jdbc.ForwardingConnection;

/**
 * Opens a new connection per checkout, on the caller's thread, set up as HikariCP would.
 * The size of the pool limits how many there are at once.
 */
final class UnpooledConnections {

	// HikariCP's, which it sets when it starts
	private static final int DEFAULT_SIZE = 10;

	private final HikariDataSource config;

	private final GuardedDataSource opener;

	private final Semaphore permits;

	UnpooledConnections(HikariDataSource config, GuardedDataSource opener) {
		this.config = config;
		this.opener = opener;
		this.permits = new Semaphore(size(config), true);
	}

	private static int size(HikariDataSource config) {
		return (config.getMaximumPoolSize() > 0) ? config.getMaximumPoolSize() : DEFAULT_SIZE;
	}

	Connection open(long deadline) throws SQLException {
		acquire(deadline);
		boolean opened = false;
		try {
			Connection connection = connect(deadline);
			opened = true;
			return connection;
		}
		finally {
			if (!opened) {
				this.permits.release();
			}
		}
	}

	private void acquire(long deadline) throws SQLException {
		long start = System.nanoTime();
		if (this.permits.tryAcquire()) {
			return;
		}
		try {
			if (this.permits.tryAcquire(deadline - start, TimeUnit.NANOSECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLException(this.config.getPoolName() + " - interrupted while waiting for a connection", ex);
		}
		throw new SQLTransientConnectionException(
				"%s - no connection within %d ms, all %d are in use".formatted(this.config.getPoolName(),
						TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start), size(this.config)));
	}

	/**
	 * Open a connection, and another one if an incident elsewhere gave the first up while
	 * it was being set up.
	 */
	private Connection connect(long deadline) throws SQLException {
		while (true) {
			GuardedConnection connection = this.opener.openForOne(deadline);
			try {
				setUp(connection);
			}
			catch (SQLException | RuntimeException | Error ex) {
				closeAfter(connection, ex);
				throw ex;
			}
			UnpooledConnection lease = new UnpooledConnection(connection, this.permits::release);
			if (connection.lendUnchecked(lease)) {
				return lease;
			}
			SQLException loss = new SQLTransientConnectionException(
					this.config.getPoolName() + " - the connection was lost while it was set up", "08006");
			closeAfter(connection, loss);
			if (deadline - System.nanoTime() <= 0) {
				throw loss;
			}
		}
	}

	private static void closeAfter(Connection connection, Throwable failure) {
		try {
			connection.close();
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	private void setUp(Connection connection) throws SQLException {
		if (this.config.isReadOnly()) {
			connection.setReadOnly(true);
		}
		if (this.config.getTransactionIsolation() != null) {
			connection
				.setTransactionIsolation(UtilityElf.getTransactionIsolation(this.config.getTransactionIsolation()));
		}
		if (this.config.getCatalog() != null) {
			connection.setCatalog(this.config.getCatalog());
		}
		if (this.config.getSchema() != null) {
			connection.setSchema(this.config.getSchema());
		}
		if (this.config.getConnectionInitSql() != null) {
			try (Statement statement = connection.createStatement()) {
				statement.execute(this.config.getConnectionInitSql());
			}
		}
		if (connection.getAutoCommit() != this.config.isAutoCommit()) {
			connection.setAutoCommit(this.config.isAutoCommit());
		}
	}

	/**
	 * A connection that was opened for one borrower and is closed on return.
	 */
	private static final class UnpooledConnection extends ForwardingConnection {

		private final GuardedConnection connection;

		private final Runnable onClose;

		private boolean closed;

		UnpooledConnection(GuardedConnection connection, Runnable onClose) {
			this.connection = connection;
			this.onClose = onClose;
		}

		@Override
		protected Connection delegate() throws SQLException {
			if (this.closed) {
				throw new SQLException("Connection is closed", "08003");
			}
			return this.connection;
		}

		/**
		 * Close the physical connection, which rolls back what is left of a transaction.
		 */
		@Override
		public void close() throws SQLException {
			if (this.closed) {
				return;
			}
			this.closed = true;
			try {
				this.connection.close();
			}
			finally {
				this.onClose.run();
			}
		}

		@Override
		public boolean isClosed() {
			return this.closed;
		}

		@Override
		public boolean isValid(int timeout) throws SQLException {
			return !this.closed && this.connection.isValid(timeout);
		}

		@Override
		@SuppressWarnings("unchecked")
		public <T> T unwrap(Class<T> type) throws SQLException {
			return type.isInstance(this) ? (T) this : this.connection.unwrap(type);
		}

		@Override
		public boolean isWrapperFor(Class<?> type) throws SQLException {
			return type.isInstance(this) || this.connection.isWrapperFor(type);
		}

		@Override
		public String toString() {
			return this.connection.toString();
		}

	}

}
