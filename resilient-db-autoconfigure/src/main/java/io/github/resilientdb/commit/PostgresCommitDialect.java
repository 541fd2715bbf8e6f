package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongConsumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Committing on PostgreSQL.
 */
final class PostgresCommitDialect implements CommitDialect {

	private static final Duration LONGEST_RELEASE = Duration.ofSeconds(3);

	private static final Logger logger = LoggerFactory.getLogger(PostgresCommitDialect.class);

	private final CommitSettings settings;

	private final VerificationGate gate;

	private final CommitListener listener;

	private final LongConsumer decider;

	private final ServerProbe probe = new ServerProbe();

	private final BackendFence fence;

	private final OutcomeSearch search;

	private volatile @Nullable Plan plan;

	/**
	 * Creates the dialect.
	 * @param decider called when a transaction is to be verified before it was decided
	 * how, with the deadline of its call
	 */
	PostgresCommitDialect(CommitSettings settings, VerificationGate gate, CommitListener listener,
			LongConsumer decider) {
		this.settings = settings;
		this.gate = gate;
		this.listener = listener;
		this.decider = decider;
		this.fence = new BackendFence(settings.fence(), listener);
		this.search = new OutcomeSearch(gate, this.probe, settings.timeout(), listener);
	}

	@Override
	public boolean supports(Connection connection) throws SQLException {
		return PostgresDriver.of(connection) != null;
	}

	@Override
	public CommitSession open(Connection physical) throws SQLException {
		PostgresCommitSession session = openLazily(physical);
		session.identify(this.probe.probe(physical));
		return session;
	}

	@Override
	public PostgresCommitSession openLazily(Connection physical) throws SQLException {
		PostgresDriver driver = PostgresDriver.of(physical);
		if (driver == null) {
			throw new SQLException("Not a connection of the PostgreSQL driver: " + physical.getClass().getName());
		}
		return new PostgresCommitSession(this, driver);
	}

	ServerProbe probe() {
		return this.probe;
	}

	@Override
	public CommitChoice choose(Connection connection) throws SQLException {
		PostgresVerificationChooser.Chosen chosen = new PostgresVerificationChooser(this.settings, this.probe)
			.choose(connection);
		this.plan = new Plan(chosen.choice(), method(chosen), chosen.marker());
		return chosen.choice();
	}

	private @Nullable CommitMethod method(PostgresVerificationChooser.Chosen chosen) {
		if (chosen.marker() != null) {
			return new MarkerCommit(chosen.marker(), this.search, this.fence, this.settings.committedRetention(), this);
		}
		return (chosen.choice().verification() == Verification.XID) ? new XidCommit(this.search, this.fence) : null;
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
	 * Goes on without a marker that turned out to be unusable, with what needs nothing.
	 */
	CommitMethod giveUpMarker(SQLException refusal) {
		XidCommit xid = new XidCommit(this.search, this.fence);
		CommitChoice choice = new CommitChoice(Verification.XID,
				"the marker, chosen first, was refused (SQLSTATE %s); one round trip per transaction that may have written"
					.formatted(refusal.getSQLState()));
		this.plan = new Plan(choice, xid, null);
		logger.warn("The server refused the commit marker, and with it a transaction. "
				+ "From now on commits are verified by xid, until the next start", refusal);
		this.listener.chosen(choice);
		return xid;
	}

	/**
	 * Terminates a process, best effort.
	 */
	boolean release(ServerState process, long deadlineNanos) {
		if (!this.fence.isAllowed() || process.backendStart() == null) {
			return false;
		}
		Deadline deadline = Deadline.after(LONGEST_RELEASE).orEarlier(deadlineNanos);
		try (Uninterrupted thread = new Uninterrupted()) {
			return this.gate.ask(thread, deadline, (connection) -> {
				VerificationTransaction transaction = VerificationTransaction.begin(connection, this.probe);
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
