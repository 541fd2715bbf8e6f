package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.pool.connect.NetworkTimeout;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.guard.PoolGuard;
import io.github.resilientdb.pool.jdbc.ForwardingConnection;

/**
 * Opens connections beside the pool.
 *
 * @param pool the pool
 */
record DirectConnections(PoolGuard pool) implements VerificationConnections {

	@Override
	public Connection open(long deadline) throws SQLException {
		Physical physical = this.pool.connect(deadline);
		if (physical.wire() != null) {
			physical.wire().deadline(deadline);
		}
		else {
			NetworkTimeout.until(physical.connection(), deadline);
		}
		return new DirectConnection(physical);
	}

	@Override
	public void primaryChanged() {
		this.pool.primaryChanged();
	}

	@Override
	public long patience() {
		Duration silence = this.pool.settings().silence();
		return (silence != null) ? silence.toNanos() : Long.MAX_VALUE;
	}

	/**
	 * A connection whose socket is closed with it.
	 */
	private static final class DirectConnection extends ForwardingConnection {

		private final Physical physical;

		DirectConnection(Physical physical) {
			this.physical = physical;
		}

		@Override
		protected Connection delegate() {
			return this.physical.connection();
		}

		@Override
		public void close() throws SQLException {
			this.physical.close();
		}

		@Override
		public boolean isClosed() throws SQLException {
			return delegate().isClosed();
		}

		@Override
		@SuppressWarnings("unchecked")
		public <T> T unwrap(Class<T> type) throws SQLException {
			return type.isInstance(this) ? (T) this : delegate().unwrap(type);
		}

		@Override
		public boolean isWrapperFor(Class<?> type) throws SQLException {
			return type.isInstance(this) || delegate().isWrapperFor(type);
		}

	}

}
