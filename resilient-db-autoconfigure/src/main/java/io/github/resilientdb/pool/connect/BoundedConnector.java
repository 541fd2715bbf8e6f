package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Lets callers leave at their deadline, whatever the driver does: it connects on a thread
 * of its own. At most two threads may be left behind in a driver that has not come back;
 * then nobody else is let in until one of them has.
 */
public final class BoundedConnector implements Connector {

	static final int MOST_LEFT_BEHIND = 2;

	private static final String CONNECT_FAILED = "08001";

	private final Connector delegate;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	// guarded by the lock
	private int leftBehind;

	BoundedConnector(Connector delegate) {
		this.delegate = delegate;
	}

	public Connector delegate() {
		return this.delegate;
	}

	@Override
	public Physical connect(@Nullable String username, @Nullable String password, long deadline,
			PrimaryRequirement primary) throws SQLException {
		awaitPlace(deadline);
		Attempt attempt = new Attempt(() -> this.delegate.connect(username, password, deadline, primary));
		Thread thread = new Thread(attempt, "resilientdb-connect");
		thread.setDaemon(true);
		thread.start();
		return attempt.await(deadline, thread);
	}

	private void awaitPlace(long deadline) throws SQLException {
		this.lock.lock();
		try {
			while (this.leftBehind >= MOST_LEFT_BEHIND) {
				long remaining = deadline - System.nanoTime();
				if (remaining <= 0) {
					throw new SQLTransientConnectionException(
							"%d earlier attempts to connect have not come back from the driver"
								.formatted(this.leftBehind),
							CONNECT_FAILED);
				}
				this.changed.awaitNanos(remaining);
			}
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private static SQLException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new SQLException("Interrupted while connecting", ex);
	}

	@Override
	public @Nullable String probeUnavailable() {
		return this.delegate.probeUnavailable();
	}

	@Override
	public int hosts() {
		return this.delegate.hosts();
	}

	@Override
	public boolean prefersStandby() {
		return this.delegate.prefersStandby();
	}

	@Override
	public int hanging() {
		this.lock.lock();
		try {
			return this.leftBehind;
		}
		finally {
			this.lock.unlock();
		}
	}

	private interface Connect {

		Physical call() throws SQLException;

	}

	private final class Attempt implements Runnable {

		private final Connect connect;

		// guarded by the lock
		private State state = State.WAITED_FOR;

		private @Nullable Physical physical;

		private @Nullable Throwable failure;

		Attempt(Connect connect) {
			this.connect = connect;
		}

		@Override
		public void run() {
			Physical physical = null;
			Throwable failure = null;
			try {
				physical = this.connect.call();
			}
			catch (Throwable ex) {
				failure = ex;
			}
			if (!over(physical, failure) && physical != null) {
				try {
					physical.connection().close();
				}
				catch (SQLException ex) {
					// nobody is left to be told
				}
			}
		}

		/**
		 * The driver has come back.
		 * @return whether somebody has waited for that
		 */
		private boolean over(@Nullable Physical physical, @Nullable Throwable failure) {
			BoundedConnector.this.lock.lock();
			try {
				boolean waitedFor = this.state == State.WAITED_FOR;
				if (!waitedFor) {
					BoundedConnector.this.leftBehind--;
				}
				this.physical = physical;
				this.failure = failure;
				this.state = State.OVER;
				BoundedConnector.this.changed.signalAll();
				return waitedFor;
			}
			finally {
				BoundedConnector.this.lock.unlock();
			}
		}

		Physical await(long deadline, Thread thread) throws SQLException {
			BoundedConnector.this.lock.lock();
			try {
				while (this.state != State.OVER) {
					long remaining = deadline - System.nanoTime();
					if (remaining <= 0) {
						leave(thread);
						throw new SQLTransientConnectionException("The driver has not connected in time",
								CONNECT_FAILED);
					}
					BoundedConnector.this.changed.awaitNanos(remaining);
				}
			}
			catch (InterruptedException ex) {
				if (this.state != State.OVER) {
					leave(thread);
					throw interrupted(ex);
				}
				Thread.currentThread().interrupt();
			}
			finally {
				BoundedConnector.this.lock.unlock();
			}
			return result();
		}

		private void leave(Thread thread) {
			this.state = State.LEFT_BEHIND;
			BoundedConnector.this.leftBehind++;
			thread.interrupt(); // some drivers listen
		}

		private Physical result() throws SQLException {
			if (this.physical != null) {
				return this.physical;
			}
			Throwable failure = this.failure;
			if (failure instanceof SQLException ex) {
				throw ex;
			}
			if (failure instanceof RuntimeException ex) {
				throw ex;
			}
			if (failure instanceof Error ex) {
				throw ex;
			}
			throw new SQLException("The driver returned no connection", CONNECT_FAILED, failure);
		}

	}

	private enum State {

		WAITED_FOR, LEFT_BEHIND, OVER

	}

}
