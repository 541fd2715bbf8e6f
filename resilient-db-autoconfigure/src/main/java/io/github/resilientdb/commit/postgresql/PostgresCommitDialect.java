package io.github.resilientdb.commit.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

import io.github.resilientdb.commit.CommitChoice;
import io.github.resilientdb.commit.CommitDialect;
import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.Deadline;
import io.github.resilientdb.commit.MarkerTable;
import io.github.resilientdb.commit.PlainCommit;
import io.github.resilientdb.commit.Uninterrupted;
import io.github.resilientdb.commit.Verification;
import io.github.resilientdb.commit.VerificationGate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Committing on PostgreSQL.
 */
final class PostgresCommitDialect implements CommitDialect {

	private static final CommitMethod UNVERIFIED = (session, physical, request) -> PlainCommit.commit(physical,
			(failure) -> PlainCommit.unverified(false, failure));

	private static final Duration LONGEST_RELEASE = Duration.ofSeconds(3);

	private static final Logger logger = LoggerFactory.getLogger(PostgresCommitDialect.class);

	private final CommitSettings settings;

	private final VerificationGate gate;

	private final LongConsumer decider;

	private final ServerProbe probe = new ServerProbe();

	private final BackendFence fence;

	private final Timelines timelines = new Timelines();

	private final SeenServers servers = new SeenServers();

	private final OutcomeSearch search;

	private final MarkerDoubt markerDoubt;

	private volatile @Nullable Plan plan;

	/**
	 * Create the dialect.
	 * @param decider called when a transaction is to be verified and nobody has decided
	 * how, with the deadline of its call
	 */
	PostgresCommitDialect(CommitSettings settings, VerificationGate gate, CommitListener listener,
			LongConsumer decider) {
		this.settings = settings;
		this.gate = gate;
		this.decider = decider;
		this.markerDoubt = new MarkerDoubt(settings.verification());
		this.fence = new BackendFence(settings.fence(), listener);
		this.search = new OutcomeSearch(gate, this.probe, new Barrier(), settings.timeout(), listener, this.timelines);
	}

	@Override
	public boolean supports(Connection connection) throws SQLException {
		return PostgresDriver.of(connection) != null;
	}

	@Override
	public CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException {
		PostgresCommitSession session = openLazily(physical, lastAnswer);
		ServerState server = this.probe.probe(physical);
		if (server != null) {
			session.identify(server);
		}
		if (server != null && !session.isPooled()) {
			seen(server.token());
		}
		return session;
	}

	@Override
	public PostgresCommitSession openLazily(Connection physical, @Nullable LongSupplier lastAnswer)
			throws SQLException {
		PostgresDriver driver = PostgresDriver.of(physical);
		if (driver == null) {
			throw new SQLException("Not a connection of the PostgreSQL driver: " + physical.getClass().getName());
		}
		return new PostgresCommitSession(this, driver, lastAnswer);
	}

	/**
	 * A new connection leads to a server. Not for one through a pooler, which hides it.
	 */
	void seen(ContinuityToken token) throws SQLException {
		if (this.timelines.isSuperseded(token)) {
			throw new SupersededServerException(token);
		}
		this.servers.reached(token, System.nanoTime());
		if (this.timelines.shown(token)) {
			logger.atInfo()
				.addKeyValue("timeline", token.timeline())
				.log("The cluster has a new primary, on timeline {}: older connections are discarded",
						token.timeline());
			this.gate.connections().primaryChanged();
		}
	}

	boolean isSuperseded(ContinuityToken token) {
		return this.timelines.isSuperseded(token);
	}

	/**
	 * Whether the answer to a COMMIT came so late, with another server reached meanwhile,
	 * that it may be the word of a former primary.
	 * @param sent when COMMIT was sent
	 * @param token the server that answered
	 */
	boolean isDoubtful(long sent, ContinuityToken token) {
		return System.nanoTime() - sent >= this.gate.connections().patience()
				&& (this.servers.anotherSince(sent, token) || this.timelines.isSuperseded(token));
	}

	@Override
	public void forgetServers() {
		this.timelines.forget();
	}

	BackendFence fence() {
		return this.fence;
	}

	ServerProbe probe() {
		return this.probe;
	}

	@Override
	public CommitChoice choose(Connection connection, boolean schemaInPlace) throws SQLException {
		// Also finds out what can be read without harm in a transaction.
		this.probe.probe(connection);
		if (schemaInPlace) {
			MarkerDdl.createIfMissing(connection, this.settings);
		}
		PostgresVerificationChooser.Chosen chosen = new PostgresVerificationChooser(this.settings, this.probe)
			.choose(connection);
		this.plan = new Plan(chosen.choice(), method(chosen), chosen.marker());
		return chosen.choice();
	}

	private @Nullable CommitMethod method(PostgresVerificationChooser.Chosen chosen) {
		XidCommit xid = new XidCommit(this.search, this.fence);
		if (chosen.marker() != null) {
			return new MarkerCommit(chosen.marker(), this.search, this.fence, this.settings.committedRetention(),
					this.markerDoubt, chosen.xid() ? xid : UNVERIFIED);
		}
		return (chosen.choice().verification() == Verification.XID) ? xid : null;
	}

	@Override
	public @Nullable CommitChoice choice() {
		Plan plan = this.plan;
		return (plan != null) ? plan.choice() : null;
	}

	/**
	 * The method to commit with, or {@code null} if there is no verification.
	 * @param callDeadline when the call must be over
	 */
	@Nullable CommitMethod method(long callDeadline) {
		Plan plan = this.plan;
		if (plan == null) {
			this.decider.accept(callDeadline);
			plan = this.plan;
		}
		return (plan != null) ? plan.method() : null;
	}

	/**
	 * Terminate a process, best effort.
	 */
	boolean release(BackendFence.Backend process, long deadlineNanos) {
		if (!this.fence.isAllowed()) {
			return false;
		}
		Deadline deadline = Deadline.after(LONGEST_RELEASE).orEarlier(deadlineNanos);
		try (Uninterrupted thread = new Uninterrupted()) {
			return this.gate.ask(thread, deadline, (connection, until) -> {
				VerificationTransaction transaction = VerificationTransaction.begin(connection, this.probe, until);
				boolean terminated = this.fence.terminate(transaction, process);
				transaction.rollback();
				return terminated;
			});
		}
		catch (SQLException ex) {
			logger.debug("The server process of a lost connection could not be terminated", ex);
			return false;
		}
	}

	@Override
	public int cleanUp(Connection connection, Deadline deadline) throws SQLException {
		Plan plan = this.plan;
		if (plan == null || plan.marker() == null) {
			return 0;
		}
		MarkerEviction eviction = new MarkerEviction(plan.marker(), this.settings.committedRetention(),
				this.settings.tombstoneRetention());
		return eviction.evict(connection, this.probe, deadline);
	}

	private record Plan(CommitChoice choice, @Nullable CommitMethod method, @Nullable MarkerTable marker) {

	}

}
