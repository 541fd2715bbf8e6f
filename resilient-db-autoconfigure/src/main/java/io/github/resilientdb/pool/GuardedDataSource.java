package io.github.resilientdb.pool;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Logger;

import javax.sql.DataSource;

import com.zaxxer.hikari.util.Credentials;
import io.github.resilientdb.commit.CommitProtocol;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.postgresql.SupersededServerException;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.guard.ConnectionRegistry;
import io.github.resilientdb.pool.guard.GuardedConnection;
import org.jspecify.annotations.Nullable;

/**
 * The {@code DataSource} under HikariCP: opens guarded connections.
 */
final class GuardedDataSource implements DataSource {

	private static final Duration LONGEST_CONNECT = Duration.ofMinutes(1);

	private static final Duration SUPERSEDED_PAUSE = Duration.ofMillis(100);

	private static final Duration FOREVER = Duration.ofDays(365);

	private final Database database;

	private final ConnectionRegistry connections;

	private final CommitProtocol commits;

	private final SessionStart sessions;

	private final LongSupplier connectTimeoutMillis;

	private final Consumer<SQLException> onFailure;

	private final AtomicReference<@Nullable GuardedConnection> prepared = new AtomicReference<>();

	private @Nullable PrintWriter logWriter;

	GuardedDataSource(Database database, ConnectionRegistry connections, CommitProtocol commits,
			LongSupplier connectTimeoutMillis, Consumer<SQLException> onFailure) {
		this.onFailure = onFailure;
		this.connectTimeoutMillis = connectTimeoutMillis;
		this.database = database;
		this.connections = connections;
		this.commits = commits;
		this.sessions = new SessionStart(commits, database);
	}

	@Override
	public Connection getConnection() throws SQLException {
		return openForPool(this.database::credentials);
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		Credentials credentials = Credentials.of(username, password);
		return openForPool(() -> credentials);
	}

	/**
	 * Open a connection for HikariCP, which waits for a database that is away: if it
	 * failed, HikariCP would ask again ever more rarely.
	 */
	private Connection openForPool(Supplier<Credentials> credentials) throws SQLException {
		GuardedConnection prepared = this.prepared.getAndSet(null);
		if (prepared != null) {
			return prepared;
		}
		try {
			return open(credentials, System.nanoTime() + FOREVER.toNanos());
		}
		catch (SQLException ex) {
			this.onFailure.accept(ex);
			throw ex;
		}
	}

	private GuardedConnection open(Supplier<Credentials> credentials, long deadline) throws SQLException {
		while (true) {
			// before the connect: one that is under way during an incident is older
			long generation = this.connections.generation();
			Physical physical = this.database.connect(credentials, deadline(deadline), deadline);
			try {
				return guard(physical, generation, deadline(deadline));
			}
			catch (SupersededServerException ex) {
				this.database.avoid(physical.address());
				if (deadline - System.nanoTime() <= SUPERSEDED_PAUSE.toNanos()) {
					throw ex;
				}
				pause(ex);
			}
		}
	}

	/**
	 * Forget which primaries were seen.
	 */
	void forgetServers() {
		this.commits.forgetServers();
	}

	private static void pause(SupersededServerException reason) throws SQLException {
		try {
			Thread.sleep(SUPERSEDED_PAUSE.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw reason;
		}
	}

	/**
	 * Open the first connection of the pool, before HikariCP asks for it: it would wait
	 * longer than the caller can.
	 * @param deadline how long the caller can wait
	 * @throws SQLException if there is none to be had
	 */
	void prepare(long deadline) throws SQLException {
		close(this.prepared.getAndSet(open(this.database::credentials, deadline)));
	}

	/**
	 * Close what was prepared and is not needed.
	 */
	void close() {
		close(this.prepared.getAndSet(null));
	}

	private static void close(@Nullable GuardedConnection connection) {
		if (connection != null) {
			connection.abandon("closed");
			try {
				connection.close();
			}
			catch (SQLException ex) {
				// it was abandoned
			}
		}
	}

	private long deadline(long latest) {
		long millis = Math.min(this.connectTimeoutMillis.getAsLong(), LONGEST_CONNECT.toMillis());
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		return (latest - deadline < 0) ? latest : deadline;
	}

	/**
	 * Open a connection for one borrower, without asking it anything: that would cost as
	 * much as the connect.
	 * @param deadline until when that may take
	 * @return the connection
	 * @throws SQLException if there is none to be had
	 */
	GuardedConnection openForOne(long deadline) throws SQLException {
		long generation = this.connections.generation();
		Physical physical = this.database.connect(deadline);
		try {
			CommitSession session = this.commits.openLazily(physical.connection(), physical.lastAnswer());
			return this.connections.guard(physical, session, generation);
		}
		catch (SQLException | RuntimeException | Error ex) {
			closeAfter(physical, ex);
			throw ex;
		}
	}

	private GuardedConnection guard(Physical physical, long generation, long deadline) throws SQLException {
		try {
			return this.connections.guard(physical, this.sessions.open(physical, deadline), generation);
		}
		catch (SQLException | RuntimeException | Error ex) {
			closeAfter(physical, ex);
			throw ex;
		}
	}

	private static void closeAfter(Physical physical, Throwable failure) {
		try {
			physical.close();
		}
		catch (SQLException ex) {
			failure.addSuppressed(ex);
		}
	}

	@Override
	public @Nullable PrintWriter getLogWriter() {
		return this.logWriter;
	}

	@Override
	public void setLogWriter(@Nullable PrintWriter logWriter) {
		this.logWriter = logWriter;
	}

	/**
	 * Not used: the driver manager's timeout, where HikariCP would set it, is global, and
	 * the pool's own is exact.
	 */
	@Override
	public void setLoginTimeout(int seconds) {
	}

	@Override
	public int getLoginTimeout() {
		return (int) Math.max(1, TimeUnit.MILLISECONDS.toSeconds(this.connectTimeoutMillis.getAsLong()));
	}

	@Override
	public Logger getParentLogger() {
		return Logger.getLogger(Logger.GLOBAL_LOGGER_NAME);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> T unwrap(Class<T> type) throws SQLException {
		if (type.isInstance(this)) {
			return (T) this;
		}
		DataSource dataSource = this.database.dataSource();
		if (dataSource != null) {
			return type.isInstance(dataSource) ? (T) dataSource : dataSource.unwrap(type);
		}
		throw new SQLException("Not a wrapper for " + type.getName());
	}

	@Override
	public boolean isWrapperFor(Class<?> type) throws SQLException {
		DataSource dataSource = this.database.dataSource();
		return type.isInstance(this)
				|| (dataSource != null && (type.isInstance(dataSource) || dataSource.isWrapperFor(type)));
	}

}
