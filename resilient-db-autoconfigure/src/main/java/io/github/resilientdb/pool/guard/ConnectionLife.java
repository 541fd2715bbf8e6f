package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.pool.guard.ConnectionState.Signal;
import org.jspecify.annotations.Nullable;

/**
 * The life of one connection: its state, to whom it is lent, and how it ended.
 * Thread-safe: others give it up while it is used.
 */
final class ConnectionLife {

	private volatile ConnectionState state = ConnectionState.OPEN;

	// what was handed out; not closed as long as the connection is lent
	private volatile @Nullable Connection lease;

	// written before the state, as is the reason
	private @Nullable Throwable cause;

	private String reason = "closed";

	ConnectionState state() {
		return this.state;
	}

	/**
	 * Return whether the connection can't be used any more.
	 */
	boolean isOver() {
		return this.state.isOver();
	}

	/**
	 * Return how the life ended, {@code null} as long as it lasts.
	 */
	@Nullable Throwable cause() {
		return isOver() ? this.cause : null;
	}

	/**
	 * Return why the connection is discarded when it is closed now.
	 */
	String reason() {
		synchronized (this) {
			return this.reason;
		}
	}

	/**
	 * Lend the connection.
	 * @param lease what is handed out
	 * @return whether it is lent, {@code false} if it was given up meanwhile
	 */
	synchronized boolean lend(Connection lease) {
		this.state = this.state.on(Signal.LEND);
		if (this.state != ConnectionState.LENT) {
			return false;
		}
		this.lease = lease;
		return true;
	}

	/**
	 * The connection is not fit to be lent.
	 * @param reason why
	 */
	synchronized void refuse(String reason) {
		if (!isOver()) {
			this.reason = reason;
			this.state = this.state.on(Signal.REFUSE);
		}
	}

	/**
	 * The connection is dead, or is given up.
	 * @param cause how that was noticed
	 * @param reason why
	 * @return whether that is news
	 */
	synchronized boolean lose(Throwable cause, String reason) {
		return end(Signal.LOSE, cause, reason);
	}

	/**
	 * The connection is given up, unless it is lent.
	 */
	synchronized boolean loseIfIdle(Throwable cause, String reason) {
		return !isLent() && lose(cause, reason);
	}

	/**
	 * The connection belongs to somebody else from now on.
	 */
	synchronized void detach() {
		end(Signal.DETACH, new ConnectionLostException(null), "detached");
	}

	private boolean end(Signal signal, Throwable cause, String reason) {
		if (isOver()) {
			return false;
		}
		this.cause = cause;
		this.reason = reason;
		this.state = this.state.on(signal);
		return true;
	}

	/**
	 * Return whether the connection is lent. The last call that HikariCP makes when it is
	 * returned would not tell: an application may make the same call.
	 */
	boolean isLent() {
		Connection lease = this.lease;
		try {
			return lease != null && !lease.isClosed();
		}
		catch (SQLException ex) {
			return false;
		}
	}

	/**
	 * Return what the application holds, {@code null} if it was never lent.
	 */
	@Nullable Connection lease() {
		return this.lease;
	}

	/**
	 * The connection is closed: nobody holds it any more.
	 */
	void closed() {
		this.lease = null;
	}

}
