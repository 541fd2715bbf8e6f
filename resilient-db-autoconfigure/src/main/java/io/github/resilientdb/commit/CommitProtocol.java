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
 * How the transactions of one pool are committed, and how the outcome of a lost COMMIT is
 * found. Recognizes the database by its first connection, and chooses a verification when
 * told to, or when one is first needed. Thread-safe.
 */
public final class CommitProtocol {

	private static final Duration LONGEST_CHOICE = Duration.ofSeconds(3);

	private static final Duration LONGEST_CLEAN_UP = Duration.ofSeconds(3);

	private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

	private static final Logger logger = LoggerFactory.getLogger(CommitProtocol.class);

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
	public CommitProtocol(CommitSettings settings, VerificationConnections connections, CommitListener listener,
			BiFunction<VerificationGate, LongConsumer, CommitDialect> dialect) {
		this.gate = new VerificationGate(connections);
		this.listener = listener;
		this.dialects = List.of(dialect.apply(this.gate, this::tryToChoose),
				new UnverifiedCommitDialect(settings.verification()));
	}

	/**
	 * Reads what must be known of a new physical connection. Asks for no more than an
	 * ordinary role may read, and goes without what is refused.
	 * @param physical a connection in auto-commit mode on which nothing was sent yet
	 * @param lastAnswer when the connection last brought an answer, as a
	 * {@link System#nanoTime()} value; {@code null} if that is not known. Only by this
	 * can its process be told from one that a pooler has given to another client since
	 * @return the session to commit with
	 * @throws SQLException if the connection was lost
	 */
	public CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException {
		return dialect(physical).open(physical, lastAnswer);
	}

	/**
	 * Opens a session without asking the database anything, for a connection that lives
	 * for one transaction. What must be known is asked for when that transaction is to be
	 * verified; after a loss before that, it is left to the server to notice.
	 * @param physical a connection
	 * @param lastAnswer when the connection last brought an answer, as a
	 * {@link System#nanoTime()} value; {@code null} if that is not known
	 * @return the session to commit with
	 * @throws SQLException if the connection was lost
	 */
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

	/**
	 * Returns what was chosen.
	 * @return the choice, empty as long as it has not been made
	 */
	public Optional<CommitChoice> choice() {
		CommitDialect known = this.dialect;
		return Optional.ofNullable((known != null) ? known.choice() : null);
	}

	/**
	 * Returns the verification in use.
	 * @return the verification, {@link Verification#NONE} as long as nothing was chosen
	 */
	public Verification verification() {
		return choice().map(CommitChoice::verification).orElse(Verification.NONE);
	}

	/**
	 * Chooses a verification, by asking the database. To be called when the schema is in
	 * place; later calls change nothing. If a transaction is to be verified before that,
	 * the choice is made for it and for those that follow.
	 * @return what was chosen, and why
	 * @throws SQLException if the database cannot be asked
	 * @throws CommitVerificationUnavailableException if the verification that was asked
	 * for is not available
	 */
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

	/**
	 * Forgets which primaries were seen: an operator may have gone back in time.
	 */
	public void forgetServers() {
		CommitDialect known = this.dialect;
		if (known != null) {
			known.forgetServers();
		}
	}

	/**
	 * Removes what is no longer needed from the marker table, in small batches and for a
	 * bounded time, if there is one and no other instance is at it.
	 * @return how many rows were removed
	 * @throws SQLException if the database cannot be asked, or refuses
	 */
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
