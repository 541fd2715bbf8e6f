package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recognizes the database by its first connection, and decides for a verification when
 * told to or when one is first needed.
 */
public final class DefaultCommitProtocol implements CommitProtocol {

	private static final Duration LONGEST_CHOICE = Duration.ofSeconds(3);

	private static final Duration LONGEST_CLEAN_UP = Duration.ofSeconds(3);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(DefaultCommitProtocol.class);

	private final VerificationGate gate;

	private final CommitListener listener;

	private final List<CommitDialect> dialects;

	private final ReentrantLock choosing = new ReentrantLock();

	private volatile @Nullable CommitDialect dialect;

	private volatile @Nullable Deadline notBefore;

	// whether the decision was made with the schema in place
	private volatile boolean settled;

	// whether the migrations are over, so that what they did not create may be
	private volatile boolean schemaInPlace;

	/**
	 * Creates the protocol of one pool. Nothing is asked of the database yet.
	 * @param settings how to commit
	 * @param connections where to ask for outcomes
	 * @param listener who is told of them
	 * @param dialect makes the one for the database that is known, from where it asks and
	 * from how a verification is chosen because a transaction needs it
	 */
	public DefaultCommitProtocol(CommitSettings settings, VerificationConnections connections, CommitListener listener,
			BiFunction<VerificationGate, LongConsumer, CommitDialect> dialect) {
		this.gate = new VerificationGate(connections);
		this.listener = listener;
		this.dialects = List.of(dialect.apply(this.gate, this::tryToChoose),
				new UnverifiedCommitDialect(settings.verification()));
	}

	@Override
	public CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException {
		return dialect(physical).open(physical, lastAnswer);
	}

	@Override
	public CommitSession openLazily(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException {
		return dialect(physical).openLazily(physical, lastAnswer);
	}

	private CommitDialect dialect(Connection connection) throws SQLException {
		CommitDialect known = this.dialect;
		if (known != null && known.supports(connection)) {
			return known;
		}
		for (CommitDialect candidate : this.dialects) {
			if (candidate.supports(connection)) {
				this.dialect = candidate;
				return candidate;
			}
		}
		throw new SQLException("Not a supported connection: " + connection.getClass().getName());
	}

	@Override
	public Optional<CommitChoice> choice() {
		CommitDialect known = this.dialect;
		return Optional.ofNullable((known != null) ? known.choice() : null);
	}

	@Override
	public CommitChoice choose() throws SQLException {
		this.schemaInPlace = true;
		Deadline deadline = Deadline.after(LONGEST_CHOICE);
		try (Uninterrupted thread = new Uninterrupted()) {
			if (!thread.lock(this.choosing, deadline)) {
				throw new SQLException("Choosing how to verify commits takes too long");
			}
			try {
				return choose(thread, deadline, true);
			}
			finally {
				this.choosing.unlock();
			}
		}
	}

	/**
	 * Decides. What a transaction made necessary earlier is decided again once the schema
	 * is in place: the migration that creates the marker table may have been that
	 * transaction.
	 */
	private CommitChoice choose(Uninterrupted thread, Deadline deadline, boolean schemaInPlace) throws SQLException {
		Optional<CommitChoice> made = choice();
		if (made.isPresent() && (this.settled || !schemaInPlace)) {
			return made.get();
		}
		CommitChoice choice = this.gate.ask(thread, deadline, (connection, until) -> choose(connection));
		this.settled = schemaInPlace;
		if (!made.equals(Optional.of(choice))) {
			this.listener.chosen(choice);
		}
		return choice;
	}

	private CommitChoice choose(Connection connection) throws SQLException {
		connection.setAutoCommit(true);
		return dialect(connection).choose(connection, this.schemaInPlace);
	}

	/**
	 * Decides because a transaction is to be verified now, on behalf of all that wait for
	 * it. If that fails, they commit without, and others don't try again at once.
	 * @param callDeadline when the call that the transaction belongs to must be over
	 */
	private void tryToChoose(long callDeadline) {
		Deadline deadline = Deadline.after(LONGEST_CHOICE).orEarlier(callDeadline);
		try (Uninterrupted thread = new Uninterrupted()) {
			if (isPaused() || !thread.lock(this.choosing, deadline)) {
				return;
			}
			try {
				tryToChoose(thread, deadline);
			}
			finally {
				this.choosing.unlock();
			}
		}
	}

	private void tryToChoose(Uninterrupted thread, Deadline deadline) {
		if (isPaused()) {
			return;
		}
		try {
			choose(thread, deadline, false);
		}
		catch (SQLException | RuntimeException | LinkageError ex) {
			this.notBefore = Deadline.after(PAUSE_AFTER_FAILURE);
			logger.warn("Transactions are committed without verification until it can be decided how to verify them",
					ex);
		}
	}

	private boolean isPaused() {
		Deadline pauseEnd = this.notBefore;
		return pauseEnd != null && !pauseEnd.isOver();
	}

	@Override
	public void forgetServers() {
		CommitDialect known = this.dialect;
		if (known != null) {
			known.forgetServers();
		}
	}

	@Override
	public int cleanUp() throws SQLException {
		CommitDialect known = this.dialect;
		if (known == null || verification() != Verification.MARKER) {
			return 0;
		}
		Deadline deadline = Deadline.after(LONGEST_CLEAN_UP);
		try (Uninterrupted thread = new Uninterrupted()) {
			return this.gate.ask(thread, deadline, (connection, until) -> known.cleanUp(connection, until));
		}
	}

}
