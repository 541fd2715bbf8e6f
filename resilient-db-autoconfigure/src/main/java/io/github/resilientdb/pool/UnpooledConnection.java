package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.pool.guard.GuardedConnection;
import io.github.resilientdb.pool.jdbc.ForwardingConnection;

/**
 * A connection that was opened for one borrower and is closed on return.
 */
final class UnpooledConnection extends ForwardingConnection {

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
	 * Closes the physical connection, which rolls back what is left of a transaction.
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
