package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.pool.Waiters.Waiter;
import io.github.resilientdb.pool.guard.CheckoutMark;
import io.github.resilientdb.pool.guard.GuardedConnection;
import io.github.resilientdb.pool.guard.Lending;

/**
 * The way of a checkout from a pool, from top to bottom: wait until the pool is not
 * suspended, borrow from HikariCP, and lend what was borrowed if it is fit; otherwise
 * discard it and borrow again, until time is up.
 */
final class Checkout {

	private static final long SUSPENSION_POLL_MILLIS = 10;

	private final HikariDataSource pool;

	private final PoolStart start;

	private final Waiters waiters;

	private final Refusals refusals;

	Checkout(HikariDataSource pool, PoolStart start, Waiters waiters, Refusals refusals) {
		this.pool = pool;
		this.start = start;
		this.waiters = waiters;
		this.refusals = refusals;
	}

	/**
	 * Return the time until which a checkout may wait.
	 * @param timeoutMillis the timeout of the pool
	 * @return the earlier of the timeout and the deadline of the caller's call
	 */
	static long deadline(long timeoutMillis) {
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
		AttemptLedger ledger = AttemptLedger.current();
		return (ledger != null && ledger.deadline() - deadline < 0) ? ledger.deadline() : deadline;
	}

	/**
	 * Borrow connections until one is fit to be lent.
	 * @param deadline until when
	 * @return a connection that is lent to the current thread
	 * @throws SQLException if there is none in time
	 */
	Connection lend(long deadline) throws SQLException {
		CheckoutMark mark = CheckoutMark.ofThread();
		mark.set();
		try {
			long start = System.nanoTime();
			do {
				Connection connection = borrow(Math.max(1, remainingMillis(deadline)));
				Lending lending = lend(connection, deadline);
				if (lending == Lending.LENT) {
					return connection;
				}
				if (lending == Lending.OUT_OF_TIME) {
					connection.close();
				}
				else {
					this.pool.evictConnection(connection);
				}
			}
			while (deadline - System.nanoTime() > 0);
			throw this.refusals.timedOut(System.nanoTime() - start, null);
		}
		finally {
			mark.clear();
		}
	}

	private Lending lend(Connection connection, long deadline) throws SQLException {
		try {
			return connection.unwrap(GuardedConnection.class).lend(connection, deadline);
		}
		catch (SQLException | RuntimeException | Error ex) {
			this.pool.evictConnection(connection);
			throw ex;
		}
	}

	/**
	 * Borrow a connection from HikariCP, whatever it is worth.
	 */
	private Connection borrow(long timeoutMillis) throws SQLException {
		long start = System.nanoTime();
		HikariPool hikari = (HikariPool) this.pool.getHikariPoolMXBean();
		if (hikari == null) {
			Connection first = this.start.run(start + TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
			return (first != null) ? first
					: borrow(Math.max(1, timeoutMillis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
		}
		Waiter waiter = this.waiters.enter();
		try {
			if (this.refusals.isPoolClosing()) {
				throw this.refusals.poolClosed();
			}
			return hikari.getConnection(timeoutMillis);
		}
		catch (SQLTransientConnectionException ex) {
			throw this.refusals.timedOut(System.nanoTime() - start, ex.getCause());
		}
		catch (SQLException ex) {
			SQLException dismissed = waiter.leave();
			throw (dismissed != null) ? this.refusals.dismissed(dismissed, System.nanoTime() - start) : ex;
		}
		finally {
			waiter.leave();
		}
	}

	/**
	 * Wait for a pool that is suspended. HikariCP promises that this doesn't time out,
	 * and blocks; a retryable call has its deadline, though.
	 */
	void awaitResumption() throws SQLException {
		HikariPool hikari = (HikariPool) this.pool.getHikariPoolMXBean();
		if (hikari == null || hikari.poolState != HikariPool.POOL_SUSPENDED) {
			return;
		}
		long start = System.nanoTime();
		AttemptLedger ledger = AttemptLedger.current();
		try {
			while (hikari.poolState == HikariPool.POOL_SUSPENDED && !this.refusals.isPoolClosing()) {
				if (ledger != null && ledger.deadline() - System.nanoTime() <= 0) {
					throw new SQLTransientConnectionException("%s - no connection within %d ms, the pool is suspended"
						.formatted(this.pool.getPoolName(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
				}
				Thread.sleep(SUSPENSION_POLL_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLException(this.pool.getPoolName() + " - interrupted while the pool is suspended", ex);
		}
	}

	private static long remainingMillis(long deadline) {
		return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
	}

}
