package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.pool.guard.CheckoutMark;
import io.github.resilientdb.pool.guard.GuardedConnection;
import io.github.resilientdb.pool.guard.Lending;

/**
 * Borrows connections from HikariCP until one is fit to be lent or time is up.
 */
final class Checkout {

	private Checkout() {
	}

	/**
	 * Return until when a checkout may wait.
	 * @param timeoutMillis the timeout of the pool
	 * @return the earlier of the timeout and the deadline of the caller's call
	 */
	static long deadline(long timeoutMillis) {
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
		AttemptLedger ledger = AttemptLedger.current();
		return (ledger != null && ledger.deadline() - deadline < 0) ? ledger.deadline() : deadline;
	}

	/**
	 * Borrow a connection.
	 * @param source where from
	 * @param deadline until when
	 * @return a connection that is fit to be lent, lent to the current thread
	 * @throws SQLException if there is none in time
	 */
	static Connection from(Source source, long deadline) throws SQLException {
		CheckoutMark mark = CheckoutMark.ofThread();
		mark.set();
		try {
			long start = System.nanoTime();
			do {
				long remaining = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
				Connection connection = source.borrow(Math.max(1, remaining));
				Lending lending = lend(source, connection, deadline);
				if (lending == Lending.LENT) {
					return connection;
				}
				if (lending == Lending.OUT_OF_TIME) {
					connection.close();
				}
				else {
					source.discard(connection);
				}
			}
			while (deadline - System.nanoTime() > 0);
			throw source.timedOut(System.nanoTime() - start);
		}
		finally {
			mark.clear();
		}
	}

	private static Lending lend(Source source, Connection connection, long deadline) throws SQLException {
		try {
			return connection.unwrap(GuardedConnection.class).lend(connection, deadline);
		}
		catch (SQLException | RuntimeException | Error ex) {
			source.discard(connection);
			throw ex;
		}
	}

	/**
	 * Where connections are borrowed.
	 */
	interface Source {

		Connection borrow(long timeoutMillis) throws SQLException;

		void discard(Connection connection);

		SQLException timedOut(long waited);

	}

}
