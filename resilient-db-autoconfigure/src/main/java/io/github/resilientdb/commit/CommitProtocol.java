package io.github.resilientdb.commit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * How the transactions of one pool are committed, and how the outcome of a lost COMMIT is
 * found. Thread-safe.
 */
public interface CommitProtocol {

	/**
	 * Chooses a verification, by asking the database. To be called when the schema is in
	 * place; later calls change nothing. A transaction that is to be verified earlier
	 * chooses for itself and those that follow until then, as it does where this is never
	 * called.
	 * @return what was chosen, and why
	 * @throws SQLException if the database cannot be asked
	 * @throws CommitVerificationUnavailableException if the verification that was asked
	 * for is not available
	 */
	CommitChoice choose() throws SQLException;

	/**
	 * Returns what was chosen.
	 * @return the choice, empty as long as it has not been made
	 */
	Optional<CommitChoice> choice();

	/**
	 * Returns the verification in use.
	 * @return the verification, {@link Verification#NONE} as long as nothing was chosen
	 */
	default Verification verification() {
		return choice().map(CommitChoice::verification).orElse(Verification.NONE);
	}

	/**
	 * Reads what must be known of a new physical connection. Asks at most for what an
	 * ordinary role may read, and goes without what is refused.
	 * @param physical a connection in auto-commit mode on which nothing was sent yet
	 * @return the session to commit with
	 * @throws SQLException if the connection was lost
	 */
	default CommitSession open(Connection physical) throws SQLException {
		return open(physical, null);
	}

	/**
	 * As {@link #open(Connection)}, for a connection of which it is known when it last
	 * brought an answer: only then can its process be told from one that a pooler has
	 * given to another client since.
	 * @param physical a connection in auto-commit mode on which nothing was sent yet
	 * @param lastAnswer when the last answer came, as a {@link System#nanoTime()} value
	 * @return the session to commit with
	 * @throws SQLException if the connection was lost
	 */
	CommitSession open(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException;

	/**
	 * Opens a session without asking the database anything, for a connection that lives
	 * for one transaction. What must be known is asked for when that transaction is to be
	 * verified; a loss before that leaves it to the server to notice.
	 * @param physical a connection
	 * @return the session to commit with
	 * @throws SQLException if the connection was lost
	 */
	default CommitSession openLazily(Connection physical) throws SQLException {
		return openLazily(physical, null);
	}

	/**
	 * As {@link #openLazily(Connection)}, for a connection of which it is known when it
	 * last brought an answer.
	 * @param physical a connection
	 * @param lastAnswer when the last answer came, as a {@link System#nanoTime()} value
	 * @return the session to commit with
	 * @throws SQLException if the connection was lost
	 */
	CommitSession openLazily(Connection physical, @Nullable LongSupplier lastAnswer) throws SQLException;

	/**
	 * Forgets which primaries were seen: an operator may have gone back in time.
	 */
	default void forgetServers() {
	}

	/**
	 * Removes what is no longer needed from the marker table, in small batches and for a
	 * bounded time, if there is one and no other instance is at it.
	 * @return how many rows were removed
	 * @throws SQLException if the database cannot be asked, or refuses
	 */
	int cleanUp() throws SQLException;

}
