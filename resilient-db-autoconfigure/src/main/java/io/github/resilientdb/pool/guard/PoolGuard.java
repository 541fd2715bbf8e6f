package io.github.resilientdb.pool.guard;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.util.Credentials;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.SafeListeners;
import io.github.resilientdb.commit.AbandonedBackend;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.pool.connect.ConnectFailure;
import io.github.resilientdb.pool.connect.Connector;
import io.github.resilientdb.pool.connect.Outage;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.connect.PrimaryRequirement;
import io.github.resilientdb.pool.connect.ProbeBudget;
import io.github.resilientdb.pool.connect.Prober;
import io.github.resilientdb.pool.guard.Generations.Effect;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the connections of one pool share: which of them an incident concerns, whether the
 * server answers, and who is told.
 */
public final class PoolGuard {

	private static final Logger logger = LoggerFactory.getLogger(PoolGuard.class);

	private static final Duration LONGEST_AWAITED_CONNECT = Duration.ofSeconds(10);

	private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration AWAITED_CONNECT_PAUSE = Duration.ofMillis(250);

	private static final FailureVerdict NOT_PRIMARY = new FailureVerdict(FailureVerdict.Kind.DISCONNECT,
			FailureVerdict.Scope.CONNECTION, "read-only");

	static final String SUPERSEDED = "superseded";

	private final HikariConfig config;

	private final PoolSettings settings;

	private final Function<Throwable, FailureVerdict> classifier;

	private final ConnectionPoolListener listener;

	private final Connector connector;

	private final Generations generations = new Generations();

	private final Set<GuardedConnection> connections = ConcurrentHashMap.newKeySet();

	private final ReentrantLock connecting = new ReentrantLock();

	private final Outage outage;

	private final Set<Long> connectsUnderWay = ConcurrentHashMap.newKeySet();

	private final BackendRelease release = new BackendRelease();

	private volatile @Nullable ConnectAttempt lastConnect;

	private final Prober prober = new Prober(new Attempts(), ProbeBudget.SHARED);

	private final PrimaryRequirement primary;

	private final @Nullable SilenceWatch silence;

	private final Set<GuardedConnection> standbys = ConcurrentHashMap.newKeySet();

	public PoolGuard(HikariConfig config, PoolSettings settings, Connector connector,
			Function<Throwable, FailureVerdict> classifier, ConnectionPoolListener listener) {
		this.config = config;
		this.settings = settings;
		this.connector = connector;
		this.classifier = classifier;
		this.listener = listener;
		this.outage = new Outage(this::name, listener, this::answers);
		this.primary = new PrimaryRequirement(settings.requirePrimary(),
				config.isReadOnly() || connector.prefersStandby());
		this.silence = (settings.silence() != null)
				? new SilenceWatch(this::name, settings.silence(), connector, this::credentials, this.connections)
				: null;
	}

	/**
	 * Have the long waits of a connection looked into.
	 */
	void watch(GuardedConnection connection, @Nullable WireSocket wire) {
		if (this.silence != null && wire != null) {
			this.silence.watch(connection, wire);
		}
	}

	public String name() {
		return this.config.getPoolName();
	}

	public PoolSettings settings() {
		return this.settings;
	}

	public Connector connector() {
		return this.connector;
	}

	ConnectionPoolListener listener() {
		return this.listener;
	}

	public Generations generations() {
		return this.generations;
	}

	public void add(GuardedConnection connection) {
		this.connections.add(connection);
		logger.atDebug().addKeyValue("pool", name()).log("Opened {}", connection);
		tell((listener) -> listener.connectionOpened(name()));
	}

	void remove(GuardedConnection connection, String reason) {
		this.standbys.remove(connection);
		if (this.connections.remove(connection)) {
			logger.atDebug()
				.addKeyValue("pool", name())
				.addKeyValue("reason", reason)
				.log("Discarded {}: {}", connection, reason);
			tell((listener) -> listener.connectionDiscarded(name(), reason));
		}
	}

	public int size() {
		return this.connections.size();
	}

	// opening

	/**
	 * Open a connection with the credentials of the pool.
	 * @param deadline until when that may take, and a database that is away is waited for
	 * @return the connection
	 * @throws SQLException if there is none to be had
	 */
	public Physical connect(long deadline) throws SQLException {
		return connect(this::credentials, deadline, deadline);
	}

	/**
	 * Open a connection.
	 * @param credentials who connects
	 * @param attemptDeadline until when that may take
	 * @param deadline until when a database that is away is waited for
	 * @return the connection
	 * @throws SQLException if there is none to be had
	 */
	public Physical connect(Supplier<Credentials> credentials, long attemptDeadline, long deadline)
			throws SQLException {
		return this.settings.failover() ? this.prober.connect(credentials, attemptDeadline, deadline)
				: attempt(credentials.get(), attemptDeadline);
	}

	public Credentials credentials() {
		return (this.config.getCredentialsProvider() != null) ? this.config.getCredentialsProvider().getCredentials()
				: this.config.getCredentials();
	}

	private Physical attempt(Credentials credentials, long deadline) throws SQLException {
		try {
			return attemptQuietly(credentials, deadline);
		}
		catch (SQLException | RuntimeException ex) {
			report(ex);
			throw ex;
		}
	}

	/**
	 * Try to open a connection, without telling of what fails again and again.
	 */
	private Physical attemptQuietly(Credentials credentials, long deadline) throws SQLException {
		Long start = System.nanoTime();
		this.connectsUnderWay.add(start);
		try {
			Physical physical = this.connector.connect(credentials.getUsername(), credentials.getPassword(), deadline,
					this.primary);
			this.lastConnect = new ConnectAttempt(start, System.nanoTime(), null);
			this.outage.answered(start);
			return physical;
		}
		catch (SQLException | RuntimeException ex) {
			this.lastConnect = new ConnectAttempt(start, System.nanoTime(), ex);
			if (!isServing(this.lastConnect)) {
				this.outage.connectFailed(classify(ex).reason(), ex);
			}
			throw ex;
		}
		finally {
			this.connectsUnderWay.remove(start);
		}
	}

	/**
	 * A new connection has shown that the cluster has another primary: what leads to the
	 * old one is not asked, but discarded.
	 */
	public void primaryChanged() {
		int concerned = 0;
		for (GuardedConnection connection : this.connections) {
			if (!connection.isLost() && connection.session().isSuperseded()) {
				concerned++;
				connection.abandonIfIdle(SUPERSEDED);
			}
		}
		int connections = concerned;
		tell((listener) -> listener.invalidated(name(), SUPERSEDED, connections));
	}

	public void addStandby(GuardedConnection connection) {
		this.standbys.add(connection);
	}

	/**
	 * Return whether a connection leads to a standby, and only primaries are lent.
	 */
	boolean isUnfit(GuardedConnection connection) {
		return this.primary.isInForce() && this.standbys.contains(connection);
	}

	/**
	 * A transaction that may have written was committed.
	 */
	void wrote(GuardedConnection connection) {
		if (!this.primary.isInForce() && !this.standbys.contains(connection)) {
			this.primary.wrote();
		}
	}

	/**
	 * Wait until the database accepts a connection, which is closed again.
	 * @param atMost how long
	 * @throws SQLException if it doesn't within that time, or for a reason that does not
	 * pass by itself
	 * @throws InterruptedException if the thread is interrupted
	 */
	public void awaitDatabase(Duration atMost) throws SQLException, InterruptedException {
		long until = System.nanoTime() + atMost.toNanos();
		while (true) {
			try {
				long attempt = System.nanoTime() + LONGEST_AWAITED_CONNECT.toNanos();
				connect(this::credentials, (until - attempt < 0) ? until : attempt, until).close();
				return;
			}
			catch (SQLException ex) {
				if (Thread.interrupted()) {
					throw (InterruptedException) new InterruptedException().initCause(ex);
				}
				if (!mayPass(ex) || until - System.nanoTime() <= AWAITED_CONNECT_PAUSE.toNanos()) {
					throw ex;
				}
				Thread.sleep(AWAITED_CONNECT_PAUSE.toMillis());
			}
		}
	}

	/**
	 * A new connection could not be made ready for use.
	 * @param failure why
	 */
	public void connectFailed(Exception failure) {
		long now = System.nanoTime();
		this.lastConnect = new ConnectAttempt(now, now, failure);
		report(failure);
	}

	private void report(Exception failure) {
		FailureVerdict verdict = this.classifier.apply(failure);
		tell((listener) -> listener.disconnected(name(), verdict.reason(), Phase.CONNECT, sqlState(failure)));
	}

	/**
	 * Return whether the server refused a connection, but still serves those that are
	 * open: it has no room for more, say.
	 */
	private boolean isServing(ConnectAttempt attempt) {
		return attempt.isAnswered() && this.connections.stream().anyMatch((connection) -> !connection.isLost());
	}

	/**
	 * Ask for a connection while there is an outage, without telling anyone of what fails
	 * again.
	 */
	private boolean answers() {
		if (this.prober.isAway()) {
			return false; // which is asked already, and more often
		}
		long start = System.nanoTime();
		try {
			Credentials credentials = credentials();
			this.connector
				.connect(credentials.getUsername(), credentials.getPassword(), start + ASK_TIMEOUT.toNanos(),
						this.primary)
				.close();
			this.lastConnect = new ConnectAttempt(start, System.nanoTime(), null);
			return true;
		}
		catch (SQLException | RuntimeException ex) {
			logger.atDebug().addKeyValue("pool", name()).setCause(ex).log("The database doesn't answer yet");
			return isServing(new ConnectAttempt(start, System.nanoTime(), ex));
		}
	}

	/**
	 * Return why no connection can be had at present.
	 * @return the failure of the last attempt to open one, {@code null} if it succeeded
	 */
	public @Nullable Exception connectFailure() {
		ConnectAttempt last = this.lastConnect;
		return (last != null) ? last.failure() : null;
	}

	/**
	 * Return how long the oldest attempt to open a connection has been under way.
	 * @return nanoseconds, 0 if there is none
	 */
	public long connectingFor() {
		long now = System.nanoTime();
		return this.connectsUnderWay.stream().mapToLong((start) -> now - start).max().orElse(0);
	}

	/**
	 * Tell whether the server answers a new connection promptly. One attempt serves all
	 * who ask at the same time.
	 * @param since an answer to a connect that began later counts
	 * @param until how long to wait at most
	 * @return whether it does
	 */
	public boolean serverAnswers(long since, long until) {
		long asked = System.nanoTime();
		if (answered(since)) {
			return true;
		}
		if (!lockUntil(until)) {
			return false;
		}
		try {
			ConnectAttempt last = this.lastConnect;
			if (last != null && last.ended() - asked > 0) {
				return last.isAnswered();
			}
			return tryConnect(Math.min(until - System.nanoTime(), this.settings.pingTimeout().toNanos()));
		}
		finally {
			this.connecting.unlock();
		}
	}

	private boolean answered(long since) {
		ConnectAttempt last = this.lastConnect;
		return last != null && last.isAnswered() && last.began() - since > 0;
	}

	private boolean tryConnect(long nanos) {
		try {
			connect(System.nanoTime() + nanos).close();
			return true;
		}
		catch (SQLException | RuntimeException ex) {
			logger.atDebug().addKeyValue("pool", name()).setCause(ex).log("The server lets no new connection in");
			ConnectAttempt last = this.lastConnect;
			return last != null && last.isAnswered();
		}
	}

	private boolean lockUntil(long until) {
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return this.connecting.tryLock(until - System.nanoTime(), TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					interrupted = true; // bounded, and not worth a wrong verdict
				}
			}
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	// failing

	/**
	 * The server refused to write. In a transaction that was not declared read-only that
	 * is a standby, where a primary is needed, unless read-only transactions are the
	 * default of the role, the database or the server.
	 * @param connection the connection
	 * @return what that means, {@code null} if it is the application's own affair
	 */
	@Nullable FailureVerdict refusedToWrite(GuardedConnection connection) {
		if (!this.primary.isPossible() || !connection.expectsToWrite()) {
			return null;
		}
		this.primary.wrote();
		return NOT_PRIMARY;
	}

	/**
	 * Tell whether a failure to connect may pass by itself.
	 */
	public boolean mayPass(Throwable failure) {
		return ConnectFailure.of(failure, this.classifier.apply(failure)).mayPass();
	}

	public FailureVerdict classify(Throwable failure) {
		return this.classifier.apply(failure);
	}

	/**
	 * A connection turned out to be dead.
	 * @param connection the connection
	 * @param failure how that was noticed
	 * @param verdict what it means
	 * @param phase what the connection was needed for
	 */
	void lost(GuardedConnection connection, Throwable failure, FailureVerdict verdict, Phase phase) {
		Effect effect = this.generations.disconnected(connection.generation(), connection.provenAt(), verdict.scope(),
				System.nanoTime());
		tell((listener) -> listener.disconnected(name(), verdict.reason(), phase, sqlState(failure)));
		if (effect == Effect.CONFIRMED) {
			discardIdle(effect);
		}
		if (effect == Effect.NONE || effect == Effect.CONFIRMED) {
			logger.atDebug()
				.addKeyValue("pool", name())
				.addKeyValue("reason", verdict.reason())
				.addKeyValue("phase", phase)
				.log("Connection lost");
			return;
		}
		int concerned = discardIdle(effect);
		this.outage.connectionLost(verdict.reason(), failure, phase, concerned);
		tell((listener) -> listener.invalidated(name(), verdict.reason(), concerned));
	}

	private int discardIdle(Effect effect) {
		int concerned = 0;
		for (GuardedConnection connection : this.connections) {
			if (!connection.isLost() && connection.isDoubtful()) {
				concerned++;
				if (effect != Effect.SUSPECTED) {
					connection.abandonIfIdle("invalidated");
				}
			}
		}
		return concerned;
	}

	/**
	 * Discard all connections of now, whatever they prove.
	 * @param reason why
	 * @return how many there were
	 */
	public int discardAll(String reason) {
		this.generations.discardAll();
		int concerned = (int) this.connections.stream().filter((connection) -> !connection.isLost()).count();
		logger.atInfo()
			.addKeyValue("pool", name())
			.addKeyValue("reason", reason)
			.addKeyValue("connections", concerned)
			.log("Discarding all connections of pool {}: {}", name(), reason);
		tell((listener) -> listener.invalidated(name(), reason, concerned));
		return concerned;
	}

	// answering

	void pinged(GuardedConnection connection, boolean alive, long nanos) {
		logger.atDebug()
			.addKeyValue("pool", name())
			.log("Asked {}, which {} within {} µs", connection, alive ? "answered" : "did not answer",
					TimeUnit.NANOSECONDS.toMicros(nanos));
		if (alive) {
			this.outage.answered(System.nanoTime() - nanos);
		}
		tell((listener) -> listener.pinged(name(), alive, Duration.ofNanos(nanos)));
	}

	void verified(String outcome, long nanos) {
		tell((listener) -> listener.commitVerified(name(), outcome, Duration.ofNanos(nanos)));
	}

	private void tell(Consumer<ConnectionPoolListener> message) {
		SafeListeners.tell(this.listener, message);
	}

	private static @Nullable String sqlState(@Nullable Throwable failure) {
		return (failure instanceof SQLException sqlException) ? sqlException.getSQLState() : null;
	}

	/**
	 * Let the server end its side of a connection that was lost within a transaction.
	 * @param session the session
	 * @param backend what is told when that is done
	 */
	void release(CommitSession session, @Nullable AbandonedBackend backend) {
		this.release.request(session, backend);
	}

	/**
	 * Give up all connections that are left.
	 */
	public void close() {
		this.outage.close();
		this.prober.close();
		this.release.close();
		if (this.silence != null) {
			this.silence.close();
		}
		for (GuardedConnection connection : this.connections) {
			connection.abandon("closed");
			remove(connection, "closed");
		}
	}

	/**
	 * Let those go who wait for a database that is away: the pool is going to be closed.
	 */
	public void stopWaiting() {
		this.prober.close();
	}

	private final class Attempts implements Prober.Attempts {

		@Override
		public String name() {
			return PoolGuard.this.name();
		}

		@Override
		public Credentials credentials() {
			return PoolGuard.this.credentials();
		}

		@Override
		public int hosts() {
			return PoolGuard.this.connector.hosts();
		}

		@Override
		public Physical attempt(Credentials credentials, long deadline) throws SQLException {
			return PoolGuard.this.attempt(credentials, deadline);
		}

		@Override
		public Physical probe(Credentials credentials, long deadline) throws SQLException {
			return PoolGuard.this.attemptQuietly(credentials, deadline);
		}

		@Override
		public ConnectFailure meaning(SQLException failure) {
			return ConnectFailure.of(failure, classify(failure));
		}

	}

	/**
	 * An attempt to open a connection that is over.
	 */
	private record ConnectAttempt(long began, long ended, @Nullable Exception failure) {

		/**
		 * Return whether the server answered, if only to refuse.
		 */
		boolean isAnswered() {
			String state = (this.failure instanceof SQLException ex) ? ex.getSQLState() : null;
			return this.failure == null || (state != null && !state.startsWith("08"));
		}

	}

}
