package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.pool.guard.GuardedConnection;
import io.github.resilientdb.pool.jdbc.ForwardingConnection;
import org.jspecify.annotations.Nullable;

/**
 * A borrowed connection whose session state is discarded when it is returned.
 */
final class DiscardingConnection extends ForwardingConnection {

	private final Connection borrowed;

	private final @Nullable String initSql;

	DiscardingConnection(Connection borrowed, @Nullable String initSql) {
		this.borrowed = borrowed;
		this.initSql = initSql;
	}

	Connection borrowed() {
		return this.borrowed;
	}

	@Override
	protected Connection delegate() {
		return this.borrowed;
	}

	@Override
	public void close() throws SQLException {
		if (!this.borrowed.isClosed()) {
			this.borrowed.unwrap(GuardedConnection.class).discardSessionState(this.initSql);
		}
		this.borrowed.close();
	}

	@Override
	public boolean isClosed() throws SQLException {
		return this.borrowed.isClosed();
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T unwrap(Class<T> type) throws SQLException {
		return type.isInstance(this) ? (T) this : this.borrowed.unwrap(type);
	}

	@Override
	public boolean isWrapperFor(Class<?> type) throws SQLException {
		return type.isInstance(this) || this.borrowed.isWrapperFor(type);
	}

	@Override
	public String toString() {
		return this.borrowed.toString();
	}

}
