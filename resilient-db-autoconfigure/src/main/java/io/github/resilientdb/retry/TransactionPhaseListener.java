package io.github.resilientdb.retry;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Writes into the ledger of the current attempt what the transaction manager does.
 * Joining a transaction, or setting a savepoint in one, does not count as another.
 */
final class TransactionPhaseListener implements TransactionExecutionListener {

	@Override
	public void beforeBegin(TransactionExecution transaction) {
		AttemptLedger ledger = ledger(transaction);
		if (ledger != null) {
			ledger.transactions().beginning(transaction, transaction.getTransactionName(), transaction.isReadOnly());
		}
	}

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		AttemptLedger ledger = ledger(transaction);
		if (ledger == null) {
			return;
		}
		if (beginFailure == null) {
			ledger.transactions().begun(transaction);
		}
		else {
			ledger.transactions().notBegun(transaction);
		}
	}

	@Override
	public void beforeCommit(TransactionExecution transaction) {
		AttemptLedger ledger = ledger(transaction);
		if (ledger != null) {
			ledger.transactions().committing(transaction);
		}
	}

	@Override
	public void afterCommit(TransactionExecution transaction, @Nullable Throwable commitFailure) {
		ended(transaction, (commitFailure != null) ? TransactionOutcome.UNKNOWN : TransactionOutcome.COMMITTED);
	}

	@Override
	public void beforeRollback(TransactionExecution transaction) {
		AttemptLedger ledger = ledger(transaction);
		if (ledger != null) {
			ledger.transactions().rollingBack(transaction);
		}
	}

	@Override
	public void afterRollback(TransactionExecution transaction, @Nullable Throwable rollbackFailure) {
		ended(transaction, TransactionOutcome.ROLLED_BACK);
	}

	private static void ended(TransactionExecution transaction, TransactionOutcome outcome) {
		AttemptLedger ledger = ledger(transaction);
		if (ledger != null) {
			ledger.transactions().ended(transaction, outcome);
		}
	}

	private static @Nullable AttemptLedger ledger(TransactionExecution transaction) {
		return transaction.isNewTransaction() ? AttemptLedger.current() : null;
	}

}
