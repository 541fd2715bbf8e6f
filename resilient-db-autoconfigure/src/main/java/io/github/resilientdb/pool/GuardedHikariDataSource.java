package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import io.github.resilientdb.ConnectionPool;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.ServerSideFailure;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.VerificationConnections;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.guard.ConnectionRegistry;
import io.github.resilientdb.pool.guard.GuardedConnection;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import org.jspecify.annotations.Nullable;

/**
 * A {@code HikariDataSource} that lends only connections that are alive. Not final, as
 * HikariCP's isn't, for aspects and whatever else proxies each {@code DataSource} by its
 * class.
 */
class GuardedHikariDataSource extends HikariDataSource implements ConnectionPool {

	private final Database database;

	private final ConnectionRegistry connections;

	private final GuardedDataSource opener;

	private final Waiters waiters = new Waiters();

	private final Refusals refusals;

	private final PoolStart start;

	private final Checkout checkout;

	private final @Nullable UnpooledConnections unpooled;

	private final boolean discardAllOnReturn;

	GuardedHikariDataSource(HikariDataSource original, PoolSettings settings,
			Function<Throwable, FailureVerdict> classifier, ConnectionPoolListener listener,
			Function<VerificationConnections, CommitProtocol> commits, boolean verifyAll) {
		original.copyStateTo(this);
		this.database = new Database(this, settings, classifier, listener, this::isAnyAlive);
		UnwatchedCalls.warn(this, this.database.probeUnavailable(), settings);
		this.connections = new ConnectionRegistry(this::getPoolName, settings, verifyAll, classifier, listener,
				this.database);
		GuardedDataSource opener = new GuardedDataSource(
				this.database, this.connections, commits.apply(new DirectConnections(this.database::connect,
						this.connections::primaryChanged, settings.silence())),
				super::getConnectionTimeout, this::openingFailed);
		this.opener = opener;
		this.refusals = new Refusals(this, this.database);
		this.start = new PoolStart(this, super::getConnection, opener, this.database, this.waiters, this.refusals);
		this.checkout = new Checkout(this, this.start, this.waiters, this.refusals);
		setExceptionOverride(new DisconnectOverride(original.getExceptionOverride()));
		setDataSourceClassName(null); // the opener takes its place
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
		if (this.refusals.isPoolClosing()) {
			throw this.refusals.poolClosed();
		}
		// An interrupt from before is no request to end this wait
		boolean interrupted = Thread.interrupted();
		try {
			this.checkout.awaitResumption();
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
		Connection connection = this.checkout.lend(deadline);
		return this.discardAllOnReturn ? new DiscardingConnection(connection, getConnectionInitSql()) : connection;
	}

	/**
	 * Return what is configured; to the thread that starts the pool, how long it can
	 * wait.
	 */
	@Override
	public long getConnectionTimeout() {
		long configured = super.getConnectionTimeout();
		// HikariCP's constructor asks, too
		return (this.start != null) ? this.start.timeoutMillis(configured) : configured;
	}

	@Override
	public void evictConnection(Connection connection) {
		super.evictConnection(
				(connection instanceof DiscardingConnection discarding) ? discarding.borrowed() : connection);
	}

	@Override
	public void close() {
		this.refusals.poolClosing();
		this.database.stopWaiting(); // or HikariCP would wait for what opens connections
		this.waiters.dismiss(this.refusals.poolClosed());
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
	 * Keeps HikariCP from evicting a broken connection at once, as it would answer all
	 * that follows with "Connection is closed", which hides the reason: the guard, which
	 * has seen the failure before, looks after the connection instead.
	 */
	private static final class DisconnectOverride implements SQLExceptionOverride {

		private final @Nullable SQLExceptionOverride users;

		DisconnectOverride(@Nullable SQLExceptionOverride users) {
			this.users = users;
		}

		@java.lang.Override
		public Override adjudicate(SQLException failure) {
			boolean evict = this.users != null && this.users.adjudicate(failure) == Override.MUST_EVICT;
			return evict ? Override.MUST_EVICT : Override.DO_NOT_EVICT;
		}

	}

}
