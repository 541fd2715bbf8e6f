package io.github.resilientdb.retry;

import java.sql.SQLException;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionSystemException;

/**
 * Finds the failure that ended a transaction, whatever was thrown in its place.
 */
final class FailureOrigin {

	private FailureOrigin() {
	}

	/**
	 * Return what ended a transaction: what its connection saw or, if that is none of
	 * ours, why COMMIT failed, or which failure that of the rollback has replaced.
	 * @param ledger the ledger of the attempt
	 * @param attempt what is known of the attempt
	 * @param thrown what it threw
	 * @return the failure, or {@code null} if the transaction was committed, or nothing
	 * is known but what was thrown
	 */
	static @Nullable Throwable find(AttemptLedger ledger, FailedAttempt attempt, Throwable thrown) {
		if (attempt.outcome() == TransactionOutcome.COMMITTED
				|| attempt.verdict().kind() == FailureVerdict.Kind.OTHER) {
			return null;
		}
		FailureVerdict seen = ledger.own().verdict();
		if (seen != null && seen.kind() != FailureVerdict.Kind.OTHER) {
			return ledger.own().failure();
		}
		SQLException commit = ledger.transactions().commitFailure();
		return (commit != null) ? commit : behindRollback(thrown);
	}

	private static @Nullable SQLException behindRollback(Throwable thrown) {
		Throwable rollback = FailureHistory.find(thrown, (candidate) -> replacedByRollback(candidate) != null);
		Throwable replaced = (rollback != null) ? replacedByRollback(rollback) : null;
		return (replaced != null) ? (SQLException) FailureHistory.find(replaced, SQLException.class::isInstance) : null;
	}

	private static @Nullable Throwable replacedByRollback(Throwable candidate) {
		return (candidate instanceof TransactionSystemException rollback) ? rollback.getApplicationException() : null;
	}

}
