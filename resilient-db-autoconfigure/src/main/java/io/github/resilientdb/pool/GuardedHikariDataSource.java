package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.ServerSideFailure;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.VerificationConnections;
import org.jspecify.annotations.Nullable;

/**
 * A {@code HikariDataSource} that lends only connections that are alive.
 */
final class GuardedHikariDataSource extends HikariDataSource implements ConnectionPool, Checkout.Source {

	private static final long STARTING_POLL_MILLIS = 5;

	private static final long START_RETRY_MILLIS = 250;

	private final PoolGuard guard;

	private final @Nullable UnpooledConnections unpooled;

	private final boolean discardAllOnReturn;

	private final ReentrantLock starting = new ReentrantLock();

	private volatile @Nullable Starter starter;

	GuardedHikariDataSource(HikariDataSource original, PoolSettings settings,
			Function<Throwable, FailureVerdict> classifier, ConnectionPoolListener listener,
			Function<VerificationConnections, CommitProtocol> commits, boolean verifyAll) {
		original.copyStateTo(this);
		this.guard = new PoolGuard(this, settings, Connectors.of(original), classifier, listener);
		GuardedDataSource opener = new GuardedDataSource(this.guard, commits.apply(new DirectConnections(this.guard)),
				verifyAll, super::getConnectionTimeout);
		setExceptionOverride(new DisconnectOverride(original.getExceptionOverride()));
		setDataSourceClassName(null); // the opener stands for it
		setDataSource(opener);
		if (getPoolName() == null) {
			setPoolName(generatePoolName(opener));
		}
		this.unpooled = (settings.mode() == PoolMode.NONE) ? new UnpooledConnections(this, opener) : null;
		this.discardAllOnReturn = settings.resetOnReturn() == ResetOnReturn.DISCARD_ALL;
	}

	/**
	 * Have HikariCP name the pool as it would when it starts: it may be needed before,
	 * and without pooling it never starts.
	 */
	private static String generatePoolName(DataSource dataSource) {
		HikariConfig config = new HikariConfig();
		config.setDataSource(dataSource);
		config.validate();
		return config.getPoolName();
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
		catch (SQLException ex) {
			throw ServerSideFailure.mark(ex);
		}
		catch (RuntimeException ex) {
			throw ServerSideFailure.mark(ex);
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
		long start = System.nanoTime();
		try {
			HikariPool pool = (HikariPool) getHikariPoolMXBean();
			return (pool != null) ? pool.getConnection(timeoutMillis) : start(timeoutMillis);
		}
		catch (SQLTransientConnectionException ex) {
			throw timedOut(System.nanoTime() - start, ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLException(getName() + " - interrupted while waiting for a connection", ex);
		}
	}

	/**
	 * Start the pool. HikariCP does so at the first request, and fails at once if the
	 * database is away; here that request waits like all others, as long as the caller
	 * can and the failure may pass. Others who come meanwhile go on as soon as the pool
	 * is there.
	 */
	private Connection start(long timeoutMillis) throws SQLException, InterruptedException {
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
		long remaining = timeoutMillis;
		while (remaining > 0) {
			boolean first = this.starting.tryLock(STARTING_POLL_MILLIS, TimeUnit.MILLISECONDS);
			try {
				remaining = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
				HikariPool pool = (HikariPool) getHikariPoolMXBean();
				if (pool != null) {
					return pool.getConnection(Math.max(1, remaining));
				}
				if (first) {
					this.starter = new Starter(Thread.currentThread(), Math.max(1, remaining));
					return super.getConnection();
				}
			}
			catch (SQLException ex) {
				if (getHikariPoolMXBean() != null || !this.guard.mayPass(ex)) {
					throw ex;
				}
				remaining = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
				Thread.sleep(Math.max(0, Math.min(remaining, START_RETRY_MILLIS)));
			}
			finally {
				if (first) {
					this.starter = null;
					this.starting.unlock();
				}
			}
		}
		throw timedOut(TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
	}

	/**
	 * Return what is configured, but to the thread that starts the pool how long it can
	 * wait.
	 */
	@Override
	public long getConnectionTimeout() {
		Starter starter = this.starter;
		return (starter != null && starter.thread() == Thread.currentThread()) ? starter.timeoutMillis()
				: super.getConnectionTimeout();
	}

	@Override
	public SQLException timedOut(long waited) {
		return timedOut(waited, null);
	}

	private SQLException timedOut(long waited, @Nullable Throwable setUpFailure) {
		Throwable connectFailure = this.guard.connectFailure();
		return CheckoutFailure.of(this)
			.toException(waited, (connectFailure != null) ? connectFailure : setUpFailure, this.guard.connectingFor());
	}

	@Override
	public void discard(Connection connection) {
		evictConnection(connection);
	}

	@Override
	public void evictConnection(Connection connection) {
		super.evictConnection(
				(connection instanceof DiscardingConnection discarding) ? discarding.borrowed() : connection);
	}

	@Override
	public void close() {
		super.close();
		this.guard.close();
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

	/**
	 * Who starts the pool.
	 */
	private record Starter(Thread thread, long timeoutMillis) {

	}

}
