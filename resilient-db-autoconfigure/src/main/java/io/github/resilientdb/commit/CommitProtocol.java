package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * How the transactions of one pool are committed, and how the outcome of a lost COMMIT is
 * found. Recognizes the database by its first connection, and chooses a verification when
 * told to, or when one is first needed. Thread-safe.
 */
public final class CommitProtocol {

	private static final Duration LONGEST_CLEAN_UP = Duration.ofSeconds(3);

	private final VerificationGate gate;

	private final Supplier<List<CommitDialect>> factory;

	private @Nullable List<CommitDialect> dialects;

	private final VerificationChoice choice;

	private volatile @Nullable CommitDialect dialect;

	/**
	 * Create the protocol of one pool. Nothing is asked of the database yet.
	 * @param settings how to commit
	 * @param connections where to ask for outcomes
	 * @param listener who is told of them
	 * @param dialect makes the one for the database that is known, from where it asks and
	 * from how a verification is chosen because a transaction needs it
	 */
	public CommitProtocol(CommitSettings settings, VerificationConnections connections, CommitListener listener,
			BiFunction<VerificationGate, LongConsumer, CommitDialect> dialect) {
		this.gate = new VerificationGate(connections);
		this.choice = new VerificationChoice(this.gate, listener, this::dialect, this::choice);
		this.factory = () -> List.of(dialect.apply(this.gate, this.choice::makeFor),
				new UnverifiedCommitDialect(settings.verification()));
	}

	/**
	 * Read what must be known of a new physical connection. Asks for no more than an
	 * ordinary role may read, and goes without what is refused.
	 * @param physical a connection in auto-commit mode on which nothing was sent yet
	 * @param lastAnswer when the connection last brought an answer, as a
	 * {@link System#nanoTime()} value; {@code null} if that is not known. Only by this
	 * can its process be told from one that a pooler has given to another client since
	 * @return the session to commit with
	 * @throws SQLException if the connection was lost
	 */
	public CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException {
		CommitSession session = dialect(physical).open(physical, lastAnswer);
		this.choice.makeOn(physical);
		return session;
	}

	/**
	 * Open a session without asking the database anything, for a connection that lives
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
		for (CommitDialect candidate : dialects()) {
			if (candidate.supports(connection)) {
				this.dialect = candidate;
				return candidate;
			}
		}
		throw new SQLException("Not a supported connection: " + connection.getClass().getName());
	}

	/**
	 * Return the dialects, which are made with the first connection: loading all that
	 * they need takes time at start-up.
	 */
	private synchronized List<CommitDialect> dialects() {
		List<CommitDialect> made = this.dialects;
		if (made == null) {
			made = this.factory.get();
			this.dialects = made;
		}
		return made;
	}

	/**
	 * Return what was chosen.
	 * @return the choice, empty as long as it has not been made
	 */
	public Optional<CommitChoice> choice() {
		CommitDialect known = this.dialect;
		return Optional.ofNullable((known != null) ? known.choice() : null);
	}

	/**
	 * Return the verification in use.
	 * @return the verification, {@link Verification#NONE} as long as nothing was chosen
	 */
	public Verification verification() {
		return choice().map(CommitChoice::verification).orElse(Verification.NONE);
	}

	/**
	 * Choose a verification, by asking the database. To be called when the schema is in
	 * place; later calls change nothing. If a transaction is to be verified before that,
	 * the choice is made for it and for those that follow.
	 * @return what was chosen, and why
	 * @throws SQLException if the database cannot be asked
	 * @throws CommitVerificationUnavailableException if the verification that was asked
	 * for is not available
	 */
	public CommitChoice choose() throws SQLException {
		return this.choice.make();
	}

	/**
	 * Choose a verification on the next connection that is opened, which costs no
	 * connection. To be called when the schema is in place, instead of {@link #choose()}.
	 */
	public void chooseWhenConnected() {
		this.choice.makeWhenConnected();
	}

	/**
	 * Forget which primaries were seen: an operator may have gone back in time.
	 */
	public void forgetServers() {
		CommitDialect known = this.dialect;
		if (known != null) {
			known.forgetServers();
		}
	}

	/**
	 * Remove what is no longer needed from the marker table, in small batches and for a
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
