package io.github.resilientdb.jpa;

import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Takes Hibernate sessions that are bound to the thread, as open-in-view does, off
 * connections that are known to be dead: before a transaction begins, once it is
 * committed, and when it is over. After-commit callbacks and the rest of a request can
 * then go on after any transaction that lost its connection, retryable or not. Also tells
 * connections that a session took earlier of the transactions that begin on them. Never
 * asks the server anything.
 */
final class PersistenceTransactionListener implements TransactionExecutionListener {

	private static final TransactionSynchronization BEFORE_OTHER_CALLBACKS = new BeforeOtherCallbacks();

	@Override
	public void beforeBegin(TransactionExecution transaction) {
		BoundSession.disconnectDead();
	}

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		if (beginFailure != null) {
			BoundSession.disconnectDead();
		}
		else if (TransactionSynchronizationManager.isSynchronizationActive()) {
			BoundSession.transactionStarted();
			TransactionSynchronizationManager.registerSynchronization(BEFORE_OTHER_CALLBACKS);
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

	/**
	 * A commit that was verified on another connection leaves a dead one behind, which
	 * the callbacks after the commit would still use.
	 */
	private static final class BeforeOtherCallbacks implements TransactionSynchronization {

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void afterCommit() {
			BoundSession.disconnectDead();
		}

	}

}
