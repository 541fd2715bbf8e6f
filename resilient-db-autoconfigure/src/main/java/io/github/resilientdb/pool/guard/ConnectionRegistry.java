package io.github.resilientdb.pool.guard;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.connect.Physical;
import io.github.resilientdb.pool.connect.PrimaryRequirement;
import io.github.resilientdb.pool.guard.Generations.Effect;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.socket.WireSocket;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one pool, and which of them an incident concerns. Thread-safe.
 */
public final class ConnectionRegistry {

	private final PoolReports reports;

	private final PoolSettings settings;

	private final boolean verifyAll;

	private final Function<Throwable, FailureVerdict> classifier;

	private final Database database;

	private final Generations generations = new Generations();

	private final Set<GuardedConnection> connections = ConcurrentHashMap.newKeySet();

	private final RefusedWrites refusedWrites;

	private final BackendRelease release = new BackendRelease();

	private final @Nullable SilenceWatch silence;

	/**
	 * Create the registry of a pool without connections.
	 * @param name the name of the pool
	 * @param settings the settings
	 * @param verifyAll whether transactions outside of retryable calls are verified, too
	 * @param classifier tells what a failure means
	 * @param listener receives what happens
	 * @param database where the connections lead to
	 */
	public ConnectionRegistry(Supplier<String> name, PoolSettings settings, boolean verifyAll,
			Function<Throwable, FailureVerdict> classifier, ConnectionPoolListener listener, Database database) {
		this.reports = new PoolReports(name, listener);
		this.settings = settings;
		this.verifyAll = verifyAll;
		this.classifier = classifier;
		this.database = database;
		this.refusedWrites = new RefusedWrites(database.primary(), database::visit);
		this.silence = (settings.silence() != null)
				? new SilenceWatch(this::name, settings.silence(), database::visit, this.connections) : null;
	}

	String name() {
		return this.reports.name();
	}

	PoolSettings settings() {
		return this.settings;
	}

	boolean isVerifyingAll() {
		return this.verifyAll;
	}

	Database database() {
		return this.database;
	}

	Generations generations() {
		return this.generations;
	}

	RefusedWrites refusedWrites() {
		return this.refusedWrites;
	}

	FailureVerdict classify(Throwable failure) {
		return this.classifier.apply(failure);
	}

	/**
	 * Return the generation of a connection that is about to be opened.
	 * @return how many incidents and discards there were
	 */
	public long generation() {
		return this.generations.current();
	}

	/**
	 * Guard a new connection.
	 * @param physical the connection
	 * @param session how its transactions are committed
	 * @param generation the generation from before it was opened
	 * @return the guarded connection
	 * @throws SQLException if it is of no use
	 */
	public GuardedConnection guard(Physical physical, CommitSession session, long generation) throws SQLException {
		GuardedConnection connection = new GuardedConnection(this, physical, session, generation);
		this.connections.add(connection);
		this.reports.opened(connection);
		return connection;
	}

	/**
	 * Have the long waits of a connection looked into.
	 */
	void watch(GuardedConnection connection, Physical physical) throws SQLException {
		WireSocket wire = physical.wire();
		if (this.silence != null && wire != null) {
			this.silence.watch(connection, wire);
		}
		else if (this.silence != null && PrimaryRequirement.isPostgres(physical.connection())) {
			this.silence.watchLeases();
		}
	}

	void remove(GuardedConnection connection, String reason) {
		if (this.connections.remove(connection)) {
			this.reports.discarded(connection, reason);
		}
	}

	/**
	 * Return how many connections there are.
	 * @return how many
	 */
	public int size() {
		return this.connections.size();
	}

	/**
	 * Return whether any connection is not known dead.
	 * @return whether there is one
	 */
	public boolean isAnyAlive() {
		return this.connections.stream().anyMatch((connection) -> !connection.session().isLost());
	}

	/**
	 * A connection turned out to be dead.
	 * @param proof when it was opened and last answered
	 * @param failure how that was noticed
	 * @param verdict what it means
	 * @param phase what the connection was needed for
	 */
	void lost(ProofOfLife proof, Throwable failure, FailureVerdict verdict, Phase phase) {
		Effect effect = this.generations.disconnected(proof.generation(), proof.provenAt(), verdict.scope(),
				System.nanoTime());
		this.reports.lost(failure, verdict, phase);
		if (effect == Effect.CONFIRMED) {
			discardIdle(effect);
		}
		if (effect == Effect.NONE || effect == Effect.CONFIRMED) {
			this.reports.lostAlone(verdict, phase);
			return;
		}
		int concerned = discardIdle(effect);
		this.database.outage().connectionLost(verdict.reason(), failure, phase, concerned);
		this.reports.invalidated(verdict.reason(), concerned);
	}

	private int discardIdle(Effect effect) {
		int concerned = 0;
		for (GuardedConnection connection : this.connections) {
			if (!connection.session().isLost() && connection.session().proof().isDoubtful()) {
				concerned++;
				if (effect != Effect.SUSPECTED) {
					connection.session().abandonIfIdle("invalidated");
				}
			}
		}
		return concerned;
	}

	/**
	 * A new connection has shown that the cluster has another primary: what leads to the
	 * old one is not asked, but discarded.
	 */
	public void primaryChanged() {
		int concerned = 0;
		for (GuardedConnection connection : this.connections) {
			if (!connection.session().isLost() && connection.session().commits().isSuperseded()) {
				concerned++;
				connection.session().abandonIfIdle(Loss.SUPERSEDED.reason());
			}
		}
		this.reports.invalidated(Loss.SUPERSEDED.reason(), concerned);
	}

	/**
	 * Discard all present connections, even those on which the server has just answered.
	 * @param reason why
	 * @return how many there were
	 */
	public int discardAll(String reason) {
		this.generations.discardAll();
		int concerned = (int) this.connections.stream().filter((connection) -> !connection.session().isLost()).count();
		this.reports.discardingAll(reason, concerned);
		return concerned;
	}

	void pinged(GuardedConnection connection, boolean alive, long nanos) {
		if (alive) {
			this.database.outage().answered(System.nanoTime() - nanos);
		}
		this.reports.pinged(connection, alive, nanos);
	}

	void verified(String outcome, long nanos) {
		this.reports.verified(outcome, nanos);
	}

	/**
	 * Let the server end its side of a connection that was lost within a transaction, and
	 * tell its backend then.
	 */
	void release(CommitSession session, @Nullable AbandonedBackend backend) {
		this.release.request(session, backend);
	}

	/**
	 * Give up all connections that are left.
	 */
	public void close() {
		this.release.close();
		if (this.silence != null) {
			this.silence.close();
		}
		for (GuardedConnection connection : this.connections) {
			connection.abandon("closed");
			remove(connection, "closed");
		}
	}

}
