package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.pool.socket.WireTicket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt to connect that leaves the server all the time there is, on a thread of its
 * own, while others that are less patient find out whether the address leads somewhere
 * else by now. Used by one thread.
 */
final class PatientAttempt implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(PatientAttempt.class);

	private final long deadline;

	private final Opening opening;

	private @Nullable Run run;

	private long began;

	/**
	 * Prepare an attempt.
	 * @param deadline when it must be over, in terms of {@link System#nanoTime()}
	 * @param opening opens a connection
	 */
	PatientAttempt(long deadline, Opening opening) {
		this.deadline = deadline;
		this.opening = opening;
	}

	/**
	 * Begin, unless that was done.
	 */
	void begin() {
		if (this.run == null) {
			Run run = new Run(WireTicket.issue(this.deadline));
			this.run = run;
			this.began = System.nanoTime();
			Thread thread = new Thread(() -> run.open(this.opening), "resilientdb-connect");
			thread.setDaemon(true);
			thread.start();
		}
	}

	/**
	 * Wait until it is over.
	 * @param nanos for how long at most
	 * @return whether it is
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean await(long nanos) throws InterruptedException {
		Run run = this.run;
		return run == null || run.await(System.nanoTime() + nanos);
	}

	/**
	 * Take what came of it. After a failure it may begin anew.
	 * @return the connection, {@code null} if there is none yet
	 * @throws SQLException if the server has answered, but lets nobody in
	 */
	@Nullable Physical take() throws SQLException {
		Run run = this.run;
		if (run == null || !run.isOver()) {
			return null;
		}
		this.run = null;
		SQLException refusal = run.refusal();
		if (refusal != null) {
			throw refusal;
		}
		return run.take();
	}

	/**
	 * Return how long it has taken until now.
	 * @return nanoseconds since it began
	 */
	long took() {
		return System.nanoTime() - this.began;
	}

	/**
	 * Give up, and close what nobody took.
	 */
	@Override
	public void close() {
		Run run = this.run;
		if (run != null) {
			this.run = null;
			run.abandon();
		}
	}

	/**
	 * Opens a connection.
	 */
	@FunctionalInterface
	interface Opening {

		Physical open(WireTicket ticket) throws SQLException;

	}

	private static final class Run {

		private final WireTicket ticket;

		private State state = State.CONNECTING;

		private @Nullable Physical physical;

		private @Nullable SQLException refusal;

		Run(WireTicket ticket) {
			this.ticket = ticket;
		}

		void open(Opening opening) {
			try (this.ticket) {
				came(opening.open(this.ticket));
			}
			catch (SQLException ex) {
				failed(ex);
			}
			catch (RuntimeException ex) {
				logger.debug("A patient attempt to connect failed", ex);
			}
			finally {
				ended();
			}
		}

		private void came(Physical physical) {
			synchronized (this) {
				if (this.state == State.CONNECTING) {
					this.physical = physical;
					return;
				}
			}
			physical.closeQuietly();
		}

		private synchronized void failed(SQLException failure) {
			logger.debug("A patient attempt to connect failed", failure);
			String state = failure.getSQLState();
			if (state != null && !state.startsWith("08")) {
				this.refusal = failure;
			}
		}

		private synchronized void ended() {
			if (this.state == State.CONNECTING) {
				this.state = State.OVER;
			}
			notifyAll();
		}

		synchronized boolean await(long until) throws InterruptedException {
			for (long left = until - System.nanoTime(); left > 0
					&& this.state == State.CONNECTING; left = until - System.nanoTime()) {
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
			return isOver();
		}

		synchronized @Nullable SQLException refusal() {
			return this.refusal;
		}

		synchronized boolean isOver() {
			return this.state == State.OVER;
		}

		synchronized @Nullable Physical take() {
			Physical physical = this.physical;
			this.physical = null;
			return physical;
		}

		void abandon() {
			synchronized (this) {
				this.state = State.ABANDONED;
			}
			// whoever waits for the server is woken by that
			this.ticket.close();
			Physical physical = take();
			if (physical != null) {
				physical.closeQuietly();
			}
		}

	}

	private enum State {

		CONNECTING, OVER, ABANDONED

	}

}
