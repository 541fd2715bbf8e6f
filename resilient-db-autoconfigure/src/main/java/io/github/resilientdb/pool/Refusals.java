package io.github.resilientdb.pool;

import java.sql.SQLException;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.pool.connect.Database;
import org.jspecify.annotations.Nullable;

/**
 * Why a checkout gets no connection.
 */
final class Refusals {

	private final HikariDataSource pool;

	private final Database database;

	private volatile boolean closing;

	Refusals(HikariDataSource pool, Database database) {
		this.pool = pool;
		this.database = database;
	}

	/**
	 * The pool is being closed: nobody gets a connection any more.
	 */
	void poolClosing() {
		this.closing = true;
	}

	boolean isPoolClosing() {
		return this.closing || this.pool.isClosed();
	}

	SQLException poolClosed() {
		return new SQLException("HikariDataSource " + this.pool + " has been closed.");
	}

	/**
	 * There was none in time.
	 * @param waited how long the caller has waited, in nanoseconds
	 * @param setUpFailure why HikariCP could not set one up, if it could not
	 * @return what to throw
	 */
	SQLException timedOut(long waited, @Nullable Throwable setUpFailure) {
		Throwable connectFailure = this.database.connectFailure();
		return CheckoutFailure.of(this.pool)
			.toException(waited, (connectFailure != null) ? connectFailure : setUpFailure,
					this.database.connectingFor());
	}

	/**
	 * The wait was ended, as there will be none.
	 * @param reason why
	 * @param waited how long the caller has waited, in nanoseconds
	 * @return what to throw
	 */
	SQLException dismissed(SQLException reason, long waited) {
		return this.closing ? poolClosed() : timedOut(waited, reason);
	}

}
