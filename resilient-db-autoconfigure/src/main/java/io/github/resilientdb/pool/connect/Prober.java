package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import com.zaxxer.hikari.util.Credentials;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects, also while the database is away: then one thread of the pool asks when it is
 * back, and everyone else waits for that. What it connects goes to whoever has waited
 * longest.
 * <p>
 * HikariCP, whose own retries come ever more rarely, never gets to them: what opens
 * connections for it waits here.
 */
final class Prober {

	private static final Logger logger = LoggerFactory.getLogger(Prober.class);

	private final Attempts attempts;

	private final ProbeBudget budget;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Deque<DatabaseWaiter> waiters = new ArrayDeque<>();

	// guarded by the lock; null while the database is there
	private @Nullable Absence absence;

	private boolean closed;

	Prober(Attempts attempts, ProbeBudget budget) {
		this.attempts = attempts;
		this.budget = budget;
	}

	/**
	 * Connect, and wait for the database if it is away.
	 * @param credentials who connects
	 * @param attemptDeadline when a single attempt must be over, if the database is there
	 * @param deadline how long to wait if it is not
	 * @return the connection
	 * @throws SQLException why there was none
	 */
	Physical connect(Supplier<Credentials> credentials, long attemptDeadline, long deadline) throws SQLException {
		long limit = attemptDeadline;
		while (true) {
			Credentials current = credentials.get();
			if (!isAway()) {
				long start = System.nanoTime();
				try {
					return this.attempts.attempt(current, limit);
				}
				catch (SQLException ex) {
					ConnectFailure meaning = this.attempts.meaning(ex);
					if (!meaning.mayPass() || Absence.isUntold(meaning, limit - start, System.nanoTime() - start)) {
						throw ex;
					}
					// others are to ask less often after this one
					this.budget.reserve(meaning, this.attempts.hosts(), System.nanoTime());
					failed(meaning, ex);
				}
			}
			Physical physical = await(current, deadline);
			if (physical != null) {
				return physical;
			}
			limit = earlier(deadline, System.nanoTime() + Absence.LONGEST_ATTEMPT);
		}
	}

	private static long earlier(long one, long other) {
		return (one - other < 0) ? one : other;
	}

	boolean isAway() {
		this.lock.lock();
		try {
			return this.absence != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * An attempt of someone else failed.
	 */
	void failed(ConnectFailure meaning, SQLException failure) {
		this.lock.lock();
		try {
			if (this.absence == null && !this.closed) {
				Absence absence = new Absence(meaning, failure);
				this.absence = absence;
				Thread thread = new Thread(() -> probe(absence), this.attempts.name() + " prober");
				thread.setDaemon(true);
				thread.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait for the database.
	 * @return a connection, {@code null} if one should try for oneself
	 */
	private @Nullable Physical await(Credentials credentials, long deadline) throws SQLException {
		DatabaseWaiter waiter = new DatabaseWaiter(credentials);
		this.lock.lock();
		try {
			this.waiters.addLast(waiter);
			while (!waiter.isDone() && this.absence != null && !this.closed) {
				long remaining = deadline - System.nanoTime();
				if (remaining <= 0) {
					throw DatabaseWaiter.copy(this.absence.failure());
				}
				this.changed.awaitNanos(remaining);
			}
			Physical physical = waiter.result();
			if (physical == null && this.closed) {
				throw new SQLException("Pool %s was closed".formatted(this.attempts.name()), "08003");
			}
			return physical;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			Physical physical = waiter.physical();
			if (physical != null) {
				return physical;
			}
			throw new SQLException(this.attempts.name() + " - interrupted while waiting for the database", ex);
		}
		finally {
			this.waiters.remove(waiter);
			this.lock.unlock();
		}
	}

	private void probe(Absence absence) {
		try {
			while (pause(absence)) {
				long start = System.nanoTime();
				try {
					Credentials credentials = this.attempts.credentials();
					hand(this.attempts.probe(credentials, start + absence.patience()), credentials);
					return;
				}
				catch (SQLException ex) {
					ConnectFailure meaning = this.attempts.meaning(ex);
					if (!meaning.mayPass()) {
						end(ex);
						return;
					}
					absence.failed(meaning, ex, System.nanoTime() - start);
				}
			}
		}
		catch (RuntimeException | Error ex) {
			logger.warn("Asking for the database of pool {} failed", this.attempts.name(), ex);
			throw ex;
		}
		finally {
			end(null);
		}
	}

	/**
	 * Wait until the next attempt is due.
	 * @return whether to make it
	 */
	private boolean pause(Absence absence) {
		long now = System.nanoTime();
		long due = this.budget.reserve(absence.meaning(), this.attempts.hosts(), now
				+ ProbePace.pause(absence.meaning(), absence.lasting(now), ThreadLocalRandom.current().nextDouble()));
		this.lock.lock();
		try {
			long remaining = due - System.nanoTime();
			while (!this.closed && remaining > 0) {
				remaining = this.changed.awaitNanos(remaining);
			}
			return !this.closed;
		}
		catch (InterruptedException ex) {
			return false; // nobody does; those who wait try for themselves
		}
		finally {
			this.lock.unlock();
		}
	}

	private void hand(Physical physical, Credentials credentials) throws SQLException {
		this.lock.lock();
		try {
			this.absence = null;
			this.changed.signalAll();
			for (DatabaseWaiter waiter : this.waiters) {
				if (!this.closed && waiter.take(physical, credentials)) {
					return;
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		physical.close();
	}

	private void end(@Nullable SQLException failure) {
		this.lock.lock();
		try {
			if (this.absence != null) {
				this.absence = null;
				this.waiters.forEach((waiter) -> waiter.fail(failure));
				this.changed.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
