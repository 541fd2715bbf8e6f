package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.UnknownReason;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the outcome of one transaction in doubt, again and again until there is one.
 * Remembers what it saw; used by one thread.
 */
interface OutcomeQuestion {

	/**
	 * Asks once.
	 * @param transaction a transaction that was begun for it, and is rolled back by the
	 * caller unless it was ended here
	 * @return the outcome, or {@code null} if there is none yet
	 */
	@Nullable CommitOutcome ask(VerificationTransaction transaction) throws SQLException;

	/**
	 * Why there is no outcome yet.
	 */
	UnknownReason pending();

	/**
	 * Whether to ask again soon, since the server was just told to end something.
	 */
	boolean isHurried();

	/**
	 * Gives up.
	 */
	CommitOutcome unknown(UnknownReason reason);

}
