package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.jdbc.ForwardingConnection;
import io.github.resilientdb.pool.socket.NetworkTimeout;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections beside the pool.
 *
 * @param opening how they are opened
 * @param onPrimaryChanged called when one shows that the cluster has another primary
 * @param silence how long a server may be silent, {@code null} for ever
 */
record DirectConnections(Opening opening, Runnable onPrimaryChanged,
		@Nullable Duration silence) implements VerificationConnections {

	@Override
	public Connection open(long deadline) throws SQLException {
		Physical physical = this.opening.connect(deadline);
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
		this.onPrimaryChanged.run();
	}

	@Override
	public long patience() {
		return (this.silence != null) ? this.silence.toNanos() : Long.MAX_VALUE;
	}

	/**
	 * Opens a connection.
	 */
	@FunctionalInterface
	interface Opening {

		Physical connect(long deadline) throws SQLException;

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
