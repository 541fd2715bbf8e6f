package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Supplier;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.pool.socket.Vigil;
import io.github.resilientdb.pool.socket.Vigil.LongWait;
import io.github.resilientdb.pool.socket.WireSocket;
import io.github.resilientdb.watchdog.Servers;
import io.github.resilientdb.watchdog.WaitingCall;
import io.github.resilientdb.watchdog.Watchdog;
import org.jspecify.annotations.Nullable;

/**
 * Tells the watchdog of a pool which of its connections wait long for an answer, and does
 * what it says.
 */
final class SilenceWatch implements AutoCloseable {

	private static final String REASON = "silent";

	private final Duration after;

	private final Collection<GuardedConnection> connections;

	private final Watchdog watchdog;

	private final LeaseWatch leases;

	/**
	 * Create the watch of a pool.
	 * @param pool the name of the pool
	 * @param after how long a wait may last before it counts as long
	 * @param servers where they lead to
	 * @param connections all connections of the pool
	 */
	SilenceWatch(Supplier<@Nullable String> pool, Duration after, Servers servers,
			Collection<GuardedConnection> connections) {
		this.after = after;
		this.connections = connections;
		this.watchdog = new Watchdog(pool, after.toNanos(), servers);
		this.leases = new LeaseWatch(pool, after.toNanos(), connections, this.watchdog::watch);
	}

	/**
	 * Watch connections without a socket of ours from now on.
	 */
	void watchLeases() {
		this.leases.begin();
	}

	/**
	 * Watch a connection that nobody uses yet.
	 */
	void watch(GuardedConnection connection, WireSocket wire) {
		wire.watch(new Vigil(this.after.toNanos(),
				(wait) -> this.watchdog.watch(new WaitingConnection(connection, wire, wait))));
	}

	@Override
	public void close() {
		this.leases.close();
		this.watchdog.close();
	}

	private final class WaitingConnection implements WaitingCall {

		private final GuardedConnection connection;

		private final WireSocket wire;

		private final LongWait wait;

		WaitingConnection(GuardedConnection connection, WireSocket wire, LongWait wait) {
			this.connection = connection;
			this.wire = wire;
			this.wait = wait;
		}

		@Override
		public String address() {
			return Objects.requireNonNullElse(this.connection.session().physical().address(), "");
		}

		@Override
		public boolean isOver() {
			return this.wait.isOver() || this.wire.isClosed();
		}

		@Override
		public long heardAt() {
			long latest = this.wait.began();
			for (GuardedConnection other : SilenceWatch.this.connections) {
				WireSocket wire = other.session().wire();
				if (wire != null && wire.lastReadAt() - latest > 0 && isOnSameServer(other)) {
					latest = wire.lastReadAt();
				}
			}
			return latest;
		}

		private boolean isOnSameServer(GuardedConnection other) {
			return Objects.equals(this.connection.session().physical().address(), other.session().physical().address())
					&& this.connection.session().commits().mayShareServer(other.session().commits());
		}

		@Override
		public BackendState look(Connection other) throws SQLException {
			return this.connection.session().commits().look(other);
		}

		@Override
		public void endBackend(Connection other) throws SQLException {
			this.connection.session().commits().endWaiting(other);
		}

		@Override
		public void cut(String reason) {
			if (!isOver()) {
				this.wire.cut(reason);
			}
		}

		@Override
		public void cutWithServer(String reason, long since) {
			for (GuardedConnection other : SilenceWatch.this.connections) {
				WireSocket wire = other.session().wire();
				if (other != this.connection && wire != null && wire.lastReadAt() - since < 0
						&& isOnSameServer(other)) {
					other.session().abandonIfIdle(REASON);
					wire.cut(reason);
				}
			}
		}

	}

}
