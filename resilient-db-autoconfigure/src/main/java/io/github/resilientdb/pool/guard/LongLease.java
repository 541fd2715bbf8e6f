package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.watchdog.WaitingCall;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection without a socket of ours that has been lent for long. Whether anybody
 * waits for an answer, and whether bytes come, is not known: it is closed only if it is
 * of no use any more, whatever is done with it.
 */
final class LongLease implements WaitingCall {

	private static final Logger logger = LoggerFactory.getLogger(LongLease.class);

	private static final long LONGEST_PAUSE = TimeUnit.MINUTES.toNanos(1);

	private final long began = System.nanoTime();

	private final GuardedSession session;

	private final GuardedConnection connection;

	private final Connection lease;

	LongLease(GuardedConnection connection, Connection lease) {
		this.connection = connection;
		this.session = connection.session();
		this.lease = lease;
	}

	@Override
	public String address() {
		return Objects.requireNonNullElse(this.session.physical().address(), "");
	}

	@Override
	public boolean isOver() {
		return this.session.isLost() || this.session.isClosedByDriver() || this.session.life().lease() != this.lease
				|| !this.connection.isLent();
	}

	/**
	 * Return the present time: silence proves nothing here.
	 */
	@Override
	public long heardAt() {
		return System.nanoTime();
	}

	/**
	 * Return longer and longer pauses: whoever listens for notifications keeps a
	 * connection for ever.
	 */
	@Override
	public long leftAlone() {
		return Math.min((System.nanoTime() - this.began) / 4, LONGEST_PAUSE);
	}

	/**
	 * Look at its server process. While the borrower does something else it waits for us,
	 * which proves nothing.
	 */
	@Override
	public BackendState look(Connection other) throws SQLException {
		BackendState state = this.session.commits().look(other);
		return (state == BackendState.WAITING) ? BackendState.WORKING : state;
	}

	@Override
	public void endBackend(Connection other) {
	}

	/**
	 * Let the driver close its socket, which ends whatever waits for it. On a thread of
	 * its own, as nobody knows how long drivers take for that.
	 */
	@Override
	public void cut(String reason) {
		if (!isOver()) {
			Thread thread = new Thread(this::abort, "resilientdb-abort");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void abort() {
		try {
			this.session.physical().connection().abort(Runnable::run);
		}
		catch (SQLException | RuntimeException | AbstractMethodError ex) {
			logger.debug("A connection that is of no use any more could not be closed", ex);
		}
	}

	@Override
	public void cutWithServer(String reason, long since) {
	}

}
