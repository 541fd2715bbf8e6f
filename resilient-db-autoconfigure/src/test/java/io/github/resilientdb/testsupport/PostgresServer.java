package io.github.resilientdb.testsupport;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL server that a test can stop, start, crash and pause. Its address stays the
 * same and its data survive, whatever is done to it.
 * <p>
 * Tests normally share one, {@link #shared()}, and take a database of their own from it.
 * What kind of server that is depends on the system property
 * {@code resilientdb.test.server}: {@code embedded} (the default), {@code testcontainers}
 * or {@code external}.
 * <p>
 * Safe to use from several threads; the operations that change the server exclude each
 * other.
 */
public abstract class PostgresServer implements AutoCloseable {

	/**
	 * How long a server may take to start, stop or recover before the test fails.
	 */
	protected static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final AtomicInteger NAMES = new AtomicInteger();

	/**
	 * Return the server that all tests of this JVM share, running and not paused. A
	 * shutdown hook stops it.
	 * @return the shared server
	 */
	public static PostgresServer shared() {
		return SharedPostgresServer.get();
	}

	/**
	 * Start to describe a server of the test's own, from binaries that need no
	 * installation.
	 * @return a builder
	 */
	public static EmbeddedPostgresServer.Builder embedded() {
		return new EmbeddedPostgresServer.Builder();
	}

	/**
	 * Return a stopped standby of a server: a copy of its data as they are now, following
	 * it by streaming replication. The primary is stopped (fast) for the copy and started
	 * again.
	 * @param primary the server to copy
	 * @return the standby, to be started
	 */
	public static EmbeddedPostgresServer streamingStandbyOf(EmbeddedPostgresServer primary) {
		return primary.copy(true);
	}

	/**
	 * Return a stopped standby of a server: a copy of its data as they are now, which
	 * receives nothing that happens later. The server is stopped (fast) for the copy and
	 * started again.
	 * @param server the server to copy
	 * @return the standby, to be started
	 */
	public static EmbeddedPostgresServer standbyOf(EmbeddedPostgresServer server) {
		return server.copy(false);
	}

	/**
	 * Start the server and wait until it accepts connections. Does nothing if it runs.
	 */
	public abstract void start();

	/**
	 * Stop the server and wait until it is gone. Does nothing if it is stopped.
	 * @param mode how it shuts down
	 */
	public abstract void stop(Mode mode);

	/**
	 * Return whether the server was started and not stopped since.
	 * @return whether it runs, paused or not
	 */
	public abstract boolean isRunning();

	/**
	 * Stop and start the server; return when it accepts connections.
	 * @param mode how it shuts down
	 */
	public synchronized void restart(Mode mode) {
		stop(mode);
		start();
	}

	/**
	 * Crash the server by killing one of its backends: the postmaster survives, ends all
	 * other sessions and recovers from the write-ahead log. Return when it accepts
	 * connections again.
	 */
	public void crashBackend() {
		try (Connection victim = connect()) {
			killBackend(backendPid(victim));
		}
		catch (SQLException ex) {
			throw new IllegalStateException("No backend to kill", ex);
		}
	}

	/**
	 * Kill a backend with SIGKILL, see {@link #crashBackend()}.
	 * @param pid the process id as {@code pg_backend_pid()} reports it
	 */
	public synchronized void killBackend(int pid) {
		assumeSupports(Capability.CRASH);
		try (Connection witness = connect()) {
			signalBackend(pid);
			Conditions.await("sessions ended by the crash", PATIENCE, () -> !witness.isValid(30));
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot kill backend " + pid, ex);
		}
		awaitConnections();
	}

	/**
	 * Stop all processes of the server where they are (SIGSTOP); connections stay open
	 * and nothing answers. Ends with {@link #resume()} or {@link #close()}, after a
	 * minute at the latest.
	 */
	public abstract void pause();

	/**
	 * Let a paused server go on. Does nothing if it is not paused.
	 */
	public abstract void resume();

	/**
	 * End all client sessions but the one that asks, and wait until they have ended.
	 * @return how many there were
	 * @see #terminateBackend(int)
	 */
	public int terminateBackends() {
		return terminateWhere("true");
	}

	/**
	 * End the client sessions of one application, and wait until they have ended.
	 * @param applicationName the {@code application_name} of the sessions
	 * @return how many there were
	 * @see #terminateBackend(int)
	 */
	public int terminateBackends(String applicationName) {
		return terminateWhere("application_name = '" + applicationName.replace("'", "''") + "'");
	}

	/**
	 * End the client sessions of one database, and wait until they have ended.
	 * @param database the name of the database
	 * @return how many there were
	 * @see #terminateBackend(int)
	 */
	public int terminateSessions(String database) {
		return terminateWhere("datname = '" + database.replace("'", "''") + "'");
	}

	/**
	 * End one client session, and wait until it has ended: a client that is connected
	 * without a proxy has the server's farewell in its socket then.
	 * @param pid the process id as {@code pg_backend_pid()} reports it
	 * @return whether there was such a session
	 */
	public boolean terminateBackend(int pid) {
		return terminateWhere("pid = " + pid) > 0;
	}

	// pg_terminate_backend only sends a signal. The farewell (57P01) is sent before the
	// session leaves pg_stat_activity. A process id may be handed out again, hence the
	// start of the session.
	private int terminateWhere(String condition) {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			String told = queryForString(statement,
					"select string_agg(format('(%s, timestamptz %L)', pid, backend_start), ';')"
							+ " filter (where pg_terminate_backend(pid)) from pg_stat_activity"
							+ " where backend_type = 'client backend' and pid <> pg_backend_pid() and " + condition);
			if (told == null) {
				return 0;
			}
			String[] sessions = told.split(";");
			Conditions.await("sessions ended", PATIENCE,
					() -> "0".equals(queryForString(statement,
							"select count(*) from pg_stat_activity where (pid, backend_start) in ("
									+ String.join(", ", sessions) + ")")));
			return sessions.length;
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot end sessions", ex);
		}
	}

	/**
	 * Create an empty database with a name nobody has used yet.
	 * @return its name, for {@link #jdbcUrl(String)}
	 */
	public String createDatabase() {
		String name = freshName("db");
		createDatabase(name);
		return name;
	}

	/**
	 * Create an empty database.
	 * @param name the name, an SQL identifier that needs no quotes
	 */
	public void createDatabase(String name) {
		execute("create database " + name + " template template0");
	}

	/**
	 * Drop a database, ending its sessions.
	 * @param name the name
	 */
	public void dropDatabase(String name) {
		execute("drop database if exists " + name + " with (force)");
	}

	/**
	 * Create an empty schema in the default database, with a name nobody has used yet.
	 * @return its name, for pgjdbc's {@code currentSchema}
	 */
	public String createSchema() {
		String name = freshName("schema");
		execute("create schema " + name);
		return name;
	}

	private String freshName(String kind) {
		return "%s_%d_%x_%d".formatted(kind, ProcessHandle.current().pid(), System.identityHashCode(NAMES),
				NAMES.incrementAndGet());
	}

	/**
	 * Return the JDBC URL of the default database.
	 * @return a URL without parameters
	 */
	public String jdbcUrl() {
		return jdbcUrl(database());
	}

	/**
	 * Return the JDBC URL of a database.
	 * @param database the database's name
	 * @return a URL without parameters
	 */
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database);
	}

	/**
	 * Return the address clients connect to.
	 * @return the host, which does not change
	 */
	public String host() {
		return "127.0.0.1";
	}

	/**
	 * Return the port clients connect to.
	 * @return the port, which does not change
	 */
	public abstract int port();

	/**
	 * Return the default database.
	 * @return its name
	 */
	public String database() {
		return "postgres";
	}

	/**
	 * Return the role that tests connect as.
	 * @return a superuser, except perhaps on an external server
	 */
	public String username() {
		return "postgres";
	}

	/**
	 * Return the password of {@link #username()}.
	 * @return the password
	 */
	public String password() {
		return "postgres";
	}

	/**
	 * Open a plain connection to the default database, past every pool and proxy.
	 * @return a new connection
	 * @throws SQLException if the server does not let us in
	 */
	public Connection connect() throws SQLException {
		return connect(database());
	}

	private Connection connect(String database) throws SQLException {
		return DriverManager.getConnection(
				jdbcUrl(database) + "?connectTimeout=30&loginTimeout=30&ApplicationName=fixture", username(),
				password());
	}

	/**
	 * Execute statements on a connection of their own, each committed by itself.
	 * @param statements the SQL
	 */
	public void execute(String... statements) {
		executeIn(database(), statements);
	}

	/**
	 * Execute statements in a database, on a connection of their own, each committed by
	 * itself.
	 * @param database the database's name
	 * @param statements the SQL
	 */
	public void executeIn(String database, String... statements) {
		try (Connection connection = connect(database); Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot execute on the test server", ex);
		}
	}

	/**
	 * Return the single number that a query yields, on a connection of its own.
	 * @param sql the query
	 * @return its result
	 */
	public int queryForInt(String sql) {
		String value = queryForString(sql);
		if (value == null) {
			throw new IllegalStateException("NULL instead of a number: " + sql);
		}
		return Integer.parseInt(value);
	}

	/**
	 * Return the single value that a query yields, on a connection of its own.
	 * @param sql the query
	 * @return its result as text
	 */
	public @Nullable String queryForString(String sql) {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			return queryForString(statement, sql);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot query the test server", ex);
		}
	}

	private static @Nullable String queryForString(Statement statement, String sql) throws SQLException {
		try (ResultSet result = statement.executeQuery(sql)) {
			if (!result.next()) {
				throw new IllegalStateException("No row: " + sql);
			}
			return result.getString(1);
		}
	}

	/**
	 * Return what can be done to this server.
	 * @return the capabilities
	 */
	protected Set<Capability> capabilities() {
		return EnumSet.allOf(Capability.class);
	}

	/**
	 * Return whether something can be done to this server.
	 * @param capability what a test wants to do
	 * @return whether it can
	 */
	public boolean supports(Capability capability) {
		return capabilities().contains(capability);
	}

	/**
	 * Skip the running test, saying why, unless something can be done to this server.
	 * @param capabilities what the test wants to do
	 */
	public void assumeSupports(Capability... capabilities) {
		for (Capability capability : capabilities) {
			Assumptions.assumeThat(supports(capability)).as("%s can %s", this, capability).isTrue();
		}
	}

	/**
	 * Wait until the server accepts connections.
	 */
	protected void awaitConnections() {
		Conditions.await(this + " accepting connections", PATIENCE, this::acceptsConnections);
	}

	private boolean acceptsConnections() throws SQLException {
		requireAlive();
		try (Connection connection = connect()) {
			return connection.isValid(5);
		}
	}

	/**
	 * Fail if the server process ended by itself: waiting for it is then futile.
	 */
	protected void requireAlive() {
	}

	/**
	 * Send SIGKILL to a backend.
	 * @param pid the process id as the server sees it
	 */
	protected abstract void signalBackend(int pid);

	/**
	 * Stop the server for good, whatever its state, and remove what it left.
	 */
	@Override
	public abstract void close();

	private static int backendPid(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet result = statement.executeQuery("select pg_backend_pid()")) {
			result.next();
			return result.getInt(1);
		}
	}

	@Override
	public String toString() {
		return getClass().getSimpleName() + "[" + host() + ":" + port() + "]";
	}

	/**
	 * How a server shuts down.
	 */
	public enum Mode {

		/**
		 * Sessions are ended with 57P01, data are written: a planned restart.
		 */
		FAST,

		/**
		 * Processes just quit, sessions end with 57P02; the next start recovers from the
		 * write-ahead log, as after a crash.
		 */
		IMMEDIATE

	}

	/**
	 * What a test may want to do to a server.
	 */
	public enum Capability {

		/**
		 * Stop and start it.
		 */
		RESTART,

		/**
		 * Kill a backend with SIGKILL.
		 */
		CRASH,

		/**
		 * Pause and resume it.
		 */
		PAUSE,

		/**
		 * End other sessions.
		 */
		TERMINATE,

		/**
		 * Act as superuser: change settings, create roles and databases.
		 */
		SUPERUSER

	}

}
