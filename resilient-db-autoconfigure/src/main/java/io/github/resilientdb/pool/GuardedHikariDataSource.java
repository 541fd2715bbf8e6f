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
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.pool.Waiters.Waiter;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.guard.ConnectionRegistry;
import io.github.resilientdb.pool.guard.GuardedConnection;
import io.github.resilientdb.pool.settings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.ResetOnReturn;
import org.jspecify.annotations.Nullable;

/**
 * A {@code HikariDataSource} that lends only connections that are alive.
 */
final class GuardedHikariDataSource extends HikariDataSource implements ConnectionPool, Checkout.Source {

	private static final long SUSPENSION_POLL_MILLIS = 10;

	private static final long START_RETRY_MILLIS = 250;

	private final Database database;

	private final ConnectionRegistry connections;

	private final GuardedDataSource opener;

	private final Waiters waiters = new Waiters();

	private final @Nullable UnpooledConnections unpooled;

	private final boolean discardAllOnReturn;

	private final ReentrantLock starting = new ReentrantLock();

	private volatile @Nullable Starter starter;

	private volatile boolean closing;

	GuardedHikariDataSource(HikariDataSource original, PoolSettings settings,
			Function<Throwable, FailureVerdict> classifier, ConnectionPoolListener listener,
			Function<VerificationConnections, CommitProtocol> commits, boolean verifyAll) {
		original.copyStateTo(this);
		this.database = new Database(this, settings, classifier, listener, this::isAnyAlive);
		this.connections = new ConnectionRegistry(this::getPoolName, settings, verifyAll, classifier, listener,
				this.database);
		GuardedDataSource opener = new GuardedDataSource(
				this.database, this.connections, commits.apply(new DirectConnections(this.database::connect,
						this.connections::primaryChanged, settings.silence())),
				super::getConnectionTimeout, this::openingFailed);
		this.opener = opener;
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

	private boolean isAnyAlive() {
		return this.connections.isAnyAlive();
	}

	Database database() {
		return this.database;
	}

	ConnectionRegistry connections() {
		return this.connections;
	}

	@Override
	public Connection getConnection() throws SQLException {
		if (this.closing || isClosed()) {
			throw closedException();
		}
		// a flag that is set already is not a request to end this wait
		boolean interrupted = Thread.interrupted();
		try {
			awaitResumption();
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
		HikariPool pool = (HikariPool) getHikariPoolMXBean();
		if (pool == null) {
			return start(start + TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
		}
		Waiter waiter = this.waiters.enter();
		SQLException dismissed = null;
		try {
			if (this.closing) {
				throw closedException();
			}
			return pool.getConnection(timeoutMillis);
		}
		catch (SQLTransientConnectionException ex) {
			throw timedOut(System.nanoTime() - start, ex.getCause());
		}
		catch (SQLException ex) {
			dismissed = waiter.leave();
			throw (dismissed != null) ? dismissal(dismissed, System.nanoTime() - start) : ex;
		}
		finally {
			waiter.leave();
		}
	}

	private SQLException dismissal(SQLException reason, long waited) {
		return this.closing ? closedException() : timedOut(waited, reason);
	}

	private SQLException closedException() {
		return new SQLException("HikariDataSource " + this + " has been closed.");
	}

	/**
	 * Start the pool. HikariCP does so at the first request, and fails at once if the
	 * database is away; here that request waits like all others, as long as the caller
	 * can and the failure may pass. Others who come meanwhile go on as soon as the pool
	 * is there.
	 */
	private Connection start(long deadline) throws SQLException {
		long start = System.nanoTime();
		boolean first = false;
		Waiter waiter = this.waiters.enter();
		try {
			first = this.starting.tryLock(Math.max(0, deadline - start), TimeUnit.NANOSECONDS);
			if (!first) {
				throw timedOut(System.nanoTime() - start);
			}
			if (getHikariPoolMXBean() == null) {
				return startFirst(deadline);
			}
		}
		catch (InterruptedException ex) {
			SQLException dismissed = waiter.leave();
			if (dismissed != null) {
				throw dismissal(dismissed, System.nanoTime() - start);
			}
			Thread.currentThread().interrupt();
			throw new SQLException(getName() + " - interrupted while waiting for a connection", ex);
		}
		finally {
			waiter.leave();
			if (first) {
				this.starter = null;
				this.starting.unlock();
			}
		}
		return borrow(Math.max(1, remainingMillis(deadline)));
	}

	private Connection startFirst(long deadline) throws SQLException, InterruptedException {
		prepare(deadline);
		this.starter = new Starter(Thread.currentThread(), Math.max(1, remainingMillis(deadline)));
		try {
			return super.getConnection();
		}
		finally {
			this.opener.close(); // which HikariCP did not want
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
				long remaining = remainingMillis(deadline);
				if (this.closing || Thread.currentThread().isInterrupted() || !this.database.mayPass(ex)) {
					throw this.closing ? closedException() : ex;
				}
				if (remaining <= 0) {
					throw timedOut(System.nanoTime() - start, ex);
				}
				Thread.sleep(Math.min(remaining, START_RETRY_MILLIS));
			}
		}
	}

	private static long remainingMillis(long deadline) {
		return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
	}

	/**
	 * Wait for a pool that is suspended. HikariCP promises that this doesn't time out,
	 * and blocks; a retryable call has its deadline, though.
	 */
	private void awaitResumption() throws SQLException {
		HikariPool pool = (HikariPool) getHikariPoolMXBean();
		if (pool == null || pool.poolState != HikariPool.POOL_SUSPENDED) {
			return;
		}
		long start = System.nanoTime();
		AttemptLedger ledger = AttemptLedger.current();
		try {
			while (pool.poolState == HikariPool.POOL_SUSPENDED && !this.closing) {
				if (ledger != null && ledger.deadline() - System.nanoTime() <= 0) {
					throw new SQLTransientConnectionException("%s - no connection within %d ms, the pool is suspended"
						.formatted(getName(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
				}
				Thread.sleep(SUSPENSION_POLL_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new SQLException(getName() + " - interrupted while the pool is suspended", ex);
		}
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
		Throwable connectFailure = this.database.connectFailure();
		return CheckoutFailure.of(this)
			.toException(waited, (connectFailure != null) ? connectFailure : setUpFailure,
					this.database.connectingFor());
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
		this.closing = true;
		this.database.stopWaiting(); // or HikariCP would wait for what opens connections
		this.waiters.dismiss(closedException());
		super.close();
		this.opener.close();
		this.database.close();
		this.connections.close();
	}

	/**
	 * What opens connections for HikariCP failed for good. Without any connection nobody
	 * who waits will get one.
	 */
	private void openingFailed(SQLException failure) {
		if (!this.database.mayPass(failure) && this.connections.size() == 0) {
			this.waiters.dismiss(failure);
		}
	}

	@Override
	public String getName() {
		return getPoolName();
	}

	@Override
	public int invalidate(String reason) {
		this.opener.forgetServers();
		int concerned = this.connections.discardAll(reason);
		if (getHikariPoolMXBean() != null) {
			getHikariPoolMXBean().softEvictConnections();
		}
		return concerned;
	}

	@Override
	public Connection detach(Connection connection) throws SQLException {
		GuardedConnection guarded = connection.unwrap(GuardedConnection.class);
		if (!guarded.isLent() || !guarded.isOf(this.connections)) {
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
