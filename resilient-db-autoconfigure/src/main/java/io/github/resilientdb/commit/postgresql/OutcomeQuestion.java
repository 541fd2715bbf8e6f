package io.github.resilientdb.commit.postgresql;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the outcome of one transaction in doubt, again and again until there is one.
 * Remembers what it saw; used by one thread.
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

	private UnknownReason pending = UnknownReason.UNREACHABLE;

	private boolean hurried;

	OutcomeQuestion(Barrier barrier, SQLException failure) {
		this.barrier = barrier;
		this.failure = failure;
	}

	/**
	 * Asks once.
	 * @param transaction a transaction that was begun for it, and is rolled back by the
	 * caller unless it was ended here
	 * @return the outcome, or {@code null} if there is none yet
	 */
	final @Nullable CommitOutcome ask(VerificationTransaction transaction) throws SQLException {
		this.hurried = false;
		pending(UnknownReason.UNREACHABLE);
		return look(transaction);
	}

	abstract @Nullable CommitOutcome look(VerificationTransaction transaction) throws SQLException;

	/**
	 * Give up.
	 */
	abstract CommitOutcome unknown(UnknownReason reason);

	/**
	 * Why there is no outcome yet.
	 */
	final UnknownReason pending() {
		return this.pending;
	}

	/**
	 * Whether to ask again soon, since the server was just told to end something.
	 */
	final boolean isHurried() {
		return this.hurried;
	}

	/**
	 * How the connection was lost.
	 */
	final SQLException failure() {
		return this.failure;
	}

	final void pending(UnknownReason reason) {
		this.pending = reason;
	}

	final @Nullable CommitOutcome notYet(UnknownReason reason) {
		pending(reason);
		return null;
	}

	/**
	 * The server says committed: that counts if it is durable. If the barrier fails, that
	 * is why there is no outcome yet.
	 * @param applied whether the transaction waits until standbys have applied it
	 */
	final @Nullable CommitOutcome confirm(VerificationTransaction transaction, boolean applied) throws SQLException {
		pending(UnknownReason.NOT_REPLICATED);
		return this.barrier.pass(transaction, applied, transaction.deadline()) ? Committed.VERIFIED : null;
	}

	final boolean isGraceOver() {
		return System.nanoTime() - this.graceEnd >= 0;
	}

	/**
	 * The holder of the transaction was to be ended.
	 * @param terminated whether it was
	 */
	final void fenced(boolean terminated) {
		this.hurried = terminated;
	}

}
