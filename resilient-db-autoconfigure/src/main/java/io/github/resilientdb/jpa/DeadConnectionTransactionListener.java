package io.github.resilientdb.jpa;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/**
 * Takes Hibernate sessions that are bound to the thread, as open-in-view does, off
 * connections that are known to be dead: before a transaction begins, and when one is over.
 * The rest of a request can then go on after any transaction that lost its connection,
 * retryable or not. Asks nothing of the server.
 */
public final class DeadConnectionTransactionListener implements TransactionExecutionListener {

	@Override
	public void beforeBegin(TransactionExecution transaction) {
		BoundSession.disconnectDead();
	}

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		if (beginFailure != null) {
			BoundSession.disconnectDead();
		}
	}

	@Override
	public void afterCommit(TransactionExecution transaction, @Nullable Throwable commitFailure) {
		BoundSession.disconnectDead();
	}

	@Override
	public void afterRollback(TransactionExecution transaction, @Nullable Throwable rollbackFailure) {
		BoundSession.disconnectDead();
	}

}
