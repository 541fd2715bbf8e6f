package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Decided;
import io.github.resilientdb.commit.postgresql.SearchAnswer.Pending;

/**
 * What is asked about one transaction in doubt, as often as the {@link OutcomeSearch}
 * needs.
 */
abstract class OutcomeQuestion {

	/**
	 * How long a COMMIT that is still on its way, or being executed, may take before it
	 * is fenced.
	 */
	private static final long GRACE = TimeUnit.MILLISECONDS.toNanos(250);

	private final Barrier barrier;

	private final SQLException failure;

	private final long graceEnd = System.nanoTime() + GRACE;

	private boolean processEnded;

	OutcomeQuestion(Barrier barrier, SQLException failure) {
		this.barrier = barrier;
		this.failure = failure;
	}

	/**
	 * Ask once.
	 * @param transaction a transaction that was begun for it, and is rolled back by the
	 * caller unless it was ended here
	 * @throws NoAnswerException if it failed after the server had said why there is no
	 * outcome yet
	 * @throws SQLException if it failed before that
	 */
	abstract SearchAnswer ask(VerificationTransaction transaction) throws SQLException;

	/**
	 * Give up.
	 */
	abstract CommitOutcome unknown(UnknownReason reason);

	final Decided undecidable(UnknownReason reason) {
		return new Decided(unknown(reason));
	}

	/**
	 * How the connection was lost.
	 */
	final SQLException failure() {
		return this.failure;
	}

	/**
	 * Take a step that the answer to an earlier one has led to.
	 * @param reason why there is no outcome yet if the step fails
	 */
	final SearchAnswer step(UnknownReason reason, Step step) throws NoAnswerException {
		try {
			return step.take();
		}
		catch (NoAnswerException ex) {
			throw ex;
		}
		catch (SQLException | RuntimeException ex) {
			throw new NoAnswerException(reason, ex);
		}
	}

	/**
	 * The server says committed: that counts if it is durable.
	 * @param applied whether the transaction waits until standbys have applied it
	 */
	final SearchAnswer confirm(VerificationTransaction transaction, boolean applied) throws NoAnswerException {
		return step(UnknownReason.NOT_REPLICATED, () -> this.barrier.pass(transaction, applied, transaction.deadline())
				? new Decided(Committed.VERIFIED) : Pending.of(UnknownReason.NOT_REPLICATED));
	}

	final boolean isGraceOver() {
		return System.nanoTime() - this.graceEnd >= 0;
	}

	/**
	 * End the server process of the transaction, once: it may take a moment to go, and a
	 * second signal would not make it faster.
	 * @return whether it has been ended now
	 */
	final boolean endProcess(VerificationTransaction transaction) throws SQLException {
		boolean now = !this.processEnded && terminate(transaction);
		this.processEnded |= now;
		return now;
	}

	abstract boolean terminate(VerificationTransaction transaction) throws SQLException;

	/**
	 * A part of a question.
	 */
	@FunctionalInterface
	interface Step {

		SearchAnswer take() throws SQLException;

	}

}
