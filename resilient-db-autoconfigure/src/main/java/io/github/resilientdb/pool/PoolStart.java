package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.pool.Waiters.Waiter;
import io.github.resilientdb.pool.connect.Database;
import org.jspecify.annotations.Nullable;

/**
 * Starts the pool of HikariCP. HikariCP does so at the first request, and fails at once
 * if the database is away; here that request waits like all others, as long as the caller
 * can wait and the failure may pass. Others who come meanwhile go on as soon as the pool
 * is there.
 */
final class PoolStart {

	private static final long RETRY_MILLIS = 250;

	private final HikariDataSource pool;

	private final FirstRequest request;

	private final GuardedDataSource opener;

	private final Database database;

	private final Waiters waiters;

	private final Refusals refusals;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable Starter starter;

	PoolStart(HikariDataSource pool, FirstRequest request, GuardedDataSource opener, Database database, Waiters waiters,
			Refusals refusals) {
		this.pool = pool;
		this.request = request;
		this.opener = opener;
		this.database = database;
		this.waiters = waiters;
		this.refusals = refusals;
	}

	/**
	 * Start the pool, or wait until somebody else has.
	 * @param deadline until when
	 * @return the first connection, {@code null} if somebody else has started the pool
	 * @throws SQLException if it did not start in time
	 */
	@Nullable Connection run(long deadline) throws SQLException {
		long start = System.nanoTime();
		boolean first = false;
		Waiter waiter = this.waiters.enter();
		try {
			first = this.lock.tryLock(Math.max(0, deadline - start), TimeUnit.NANOSECONDS);
			if (!first) {
				throw this.refusals.timedOut(System.nanoTime() - start, null);
			}
			return (this.pool.getHikariPoolMXBean() == null) ? runFirst(deadline) : null;
		}
		catch (InterruptedException ex) {
			SQLException dismissed = waiter.leave();
			if (dismissed != null) {
				throw this.refusals.dismissed(dismissed, System.nanoTime() - start);
			}
			Thread.currentThread().interrupt();
			throw new SQLException(this.pool.getPoolName() + " - interrupted while waiting for a connection", ex);
		}
		finally {
			waiter.leave();
			if (first) {
				this.starter = null;
				this.lock.unlock();
			}
		}
	}

	private Connection runFirst(long deadline) throws SQLException, InterruptedException {
		while (true) {
			long start = System.nanoTime();
			prepare(deadline);
			this.starter = new Starter(Thread.currentThread(), Math.max(1, remainingMillis(deadline)));
			try {
				return this.request.send();
			}
			catch (SQLException ex) {
				if (this.pool.getHikariPoolMXBean() != null) {
					throw ex;
				}
				pause(ex, start, deadline); // it was lost while HikariCP made it ready
			}
			finally {
				// the first connection, unless HikariCP took it
				this.opener.close();
			}
		}
	}

	private void prepare(long deadline) throws SQLException, InterruptedException {
		long start = System.nanoTime();
		while (true) {
			try {
				this.opener.prepare(deadline);
				return;
			}
			catch (SQLException ex) {
				pause(ex, start, deadline);
			}
		}
	}

	private void pause(SQLException failure, long start, long deadline) throws SQLException, InterruptedException {
		long remaining = remainingMillis(deadline);
		if (this.refusals.isPoolClosing()) {
			throw this.refusals.poolClosed();
		}
		if (Thread.currentThread().isInterrupted() || !this.database.mayPass(failure)) {
			throw failure;
		}
		if (remaining <= 0) {
			throw this.refusals.timedOut(System.nanoTime() - start, failure);
		}
		Thread.sleep(Math.min(remaining, RETRY_MILLIS));
	}

	private static long remainingMillis(long deadline) {
		return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
	}

	/**
	 * Return how long the current thread may wait for a connection, as HikariCP asks when
	 * it starts.
	 * @param configured what is configured, in milliseconds
	 * @return what is left to the thread that starts the pool, else what is configured
	 */
	long timeoutMillis(long configured) {
		Starter starter = this.starter;
		return (starter != null && starter.thread() == Thread.currentThread()) ? starter.timeoutMillis() : configured;
	}

	/**
	 * HikariCP's own first request, which starts it.
	 */
	@FunctionalInterface
	interface FirstRequest {

		Connection send() throws SQLException;

	}

	/**
	 * Who starts the pool.
	 */
	private record Starter(Thread thread, long timeoutMillis) {

	}

}
