package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.function.Function;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.VerificationConnections;
import org.jspecify.annotations.Nullable;

/**
 * A {@code HikariDataSource} that lends only connections that are alive.
 */
final class GuardedHikariDataSource extends HikariDataSource implements ConnectionPool, Checkout.Source {

	private final PoolGuard guard;

	private final @Nullable UnpooledConnections unpooled;

	private final boolean discardAllOnReturn;

	GuardedHikariDataSource(HikariDataSource original, PoolSettings settings,
			Function<Throwable, FailureVerdict> classifier, ConnectionPoolListener listener,
			Function<VerificationConnections, CommitProtocol> commits, boolean verifyAll) {
		original.copyStateTo(this);
		this.guard = new PoolGuard(this, settings, Connectors.of(original), classifier, listener);
		GuardedDataSource opener = new GuardedDataSource(this.guard, commits.apply(new DirectConnections(this.guard)),
				verifyAll);
		setExceptionOverride(new DisconnectOverride(this.guard, original.getExceptionOverride()));
		setDataSourceClassName(null); // the opener stands for it
		setDataSource(opener);
		this.unpooled = (settings.mode() == PoolMode.NONE) ? new UnpooledConnections(this, opener) : null;
		this.discardAllOnReturn = settings.resetOnReturn() == ResetOnReturn.DISCARD_ALL;
	}

	PoolGuard guard() {
		return this.guard;
	}

	@Override
	public Connection getConnection() throws SQLException {
		if (isClosed()) {
			throw new SQLException("HikariDataSource " + this + " has been closed.");
		}
		// a flag that is set already is not a request to end this wait
		boolean interrupted = Thread.interrupted();
		try {
			return checkOut(Checkout.deadline(getConnectionTimeout()));
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private Connection checkOut(long deadline) throws SQLException {
		if (this.unpooled != null) {
			return this.unpooled.open(deadline);
		}
		Connection connection = Checkout.from(this, deadline);
		return this.discardAllOnReturn ? new DiscardingConnection(connection, getConnectionInitSql()) : connection;
	}

	@Override
	public Connection borrow(long timeoutMillis) throws SQLException {
		HikariPool pool = (HikariPool) getHikariPoolMXBean();
		long start = System.nanoTime();
		try {
			return (pool != null) ? pool.getConnection(timeoutMillis) : super.getConnection();
		}
		catch (SQLTransientConnectionException ex) {
			throw CheckoutFailure.of(this, this.guard.connectFailure(), System.nanoTime() - start, ex);
		}
	}

	@Override
	public SQLException timedOut() {
		return CheckoutFailure.noneAlive(this, this.guard.connectFailure());
	}

	@Override
	public void discard(Connection connection) {
		evictConnection(connection);
	}

	@Override
	public String getName() {
		return this.guard.name();
	}

	@Override
	public int invalidate(String reason) {
		int concerned = this.guard.discardAll(reason);
		if (getHikariPoolMXBean() != null) {
			getHikariPoolMXBean().softEvictConnections();
		}
		return concerned;
	}

	@Override
	public Connection detach(Connection connection) throws SQLException {
		GuardedConnection guarded = connection.unwrap(GuardedConnection.class);
		if (!guarded.isLent() || !guarded.isOf(this.guard)) {
			throw new SQLException("Not a connection that was borrowed from pool " + getName());
		}
		Connection detached = guarded.detach();
		connection.close();
		return detached;
	}

}
