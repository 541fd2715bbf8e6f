package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether the server answers a new connection promptly. One attempt serves all who
 * ask at the same time.
 */
final class ServerCheck {

	private static final Logger logger = LoggerFactory.getLogger(ServerCheck.class);

	private final ConnectHistory history;

	private final Attempt attempt;

	private final long timeout;

	private final ReentrantLock connecting = new ReentrantLock();

	/**
	 * Create a check.
	 * @param history what is known of earlier attempts
	 * @param attempt makes one, and leaves what comes of it in the history
	 * @param timeout how long it may take
	 */
	ServerCheck(ConnectHistory history, Attempt attempt, Duration timeout) {
		this.history = history;
		this.attempt = attempt;
		this.timeout = timeout.toNanos();
	}

	/**
	 * Tell whether the server answers, if only to refuse.
	 * @param since an answer to a connect that began later counts
	 * @param until how long to wait at most
	 * @return whether it does
	 */
	boolean answers(long since, long until) {
		long asked = System.nanoTime();
		ConnectAttempt last = this.history.last();
		if (last != null && last.isAnswered() && last.began() - since > 0) {
			return true;
		}
		if (!lockUntil(until)) {
			return false;
		}
		try {
			last = this.history.last();
			if (last != null && last.ended() - asked > 0) {
				return last.isAnswered();
			}
			return tryConnect(Math.min(until - System.nanoTime(), this.timeout));
		}
		finally {
			this.connecting.unlock();
		}
	}

	private boolean tryConnect(long nanos) {
		try {
			this.attempt.make(System.nanoTime() + nanos);
			return true;
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("The server lets no new connection in", ex);
			ConnectAttempt last = this.history.last();
			return last != null && last.isAnswered();
		}
	}

	private boolean lockUntil(long until) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return this.connecting.tryLock(until - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					// bounded, and not worth a wrong verdict
					interrupted = true;
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * An attempt to connect.
	 */
	interface Attempt {

		void make(long deadline) throws SQLException;

	}

}
