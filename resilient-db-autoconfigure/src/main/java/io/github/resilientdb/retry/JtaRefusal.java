package io.github.resilientdb.retry;

import io.github.resilientdb.attempt.AttemptLedger;

import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Refuses to begin a JTA transaction for a retryable call, which would promise what it
 * can't keep: a JTA transaction has more than one resource, and none of them can tell
 * what became of a lost COMMIT.
 *
 * @param transactionManager the bean name of the JTA transaction manager
 */
record JtaRefusal(String transactionManager) implements TransactionExecutionListener {

	@Override
	public void beforeBegin(TransactionExecution transaction) {
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null && ledger.transactions().expects(transaction.getTransactionName())) {
			throw new IllegalTransactionStateException(
					("The transaction '%s' is retryable, but that of '%s' is a JTA transaction, which has more than one"
							+ " resource: what became of a lost COMMIT could not be found out. Use @Transactional,"
							+ " or another transactionManager; or set resilientdb.retry.jta=true to rerun what JTA"
							+ " reports as rolled back")
						.formatted(transaction.getTransactionName(), this.transactionManager));
		}
	}

}
