package io.github.resilientdb.jpa;

import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Rolls the transaction of a session back if a callback before the commit throws a
 * {@code TransactionException}. After any other exception Spring does so itself, but it
 * takes that one for a failure of COMMIT. Hibernate then neither closes the session nor
 * gives its connection back, since the transaction may yet be committed. Once a commit
 * has been tried, Hibernate has ended the transaction itself.
 *
 * @param manager the transaction manager whose transactions are meant
 */
record UncommittedSession(
		ResourceTransactionManager manager) implements TransactionExecutionListener, TransactionSynchronization {

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		if (beginFailure == null && TransactionSynchronizationManager.isSynchronizationActive() && holder() != null) {
			TransactionSynchronizationManager.registerSynchronization(this);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void afterCompletion(int status) {
		EntityManagerHolder holder = (status == STATUS_UNKNOWN) ? holder() : null;
		if (holder != null) {
			BoundSession.rollBack(holder);
		}
	}

	private @Nullable EntityManagerHolder holder() {
		Object resource = TransactionSynchronizationManager.getResource(this.manager.getResourceFactory());
		return (resource instanceof EntityManagerHolder holder) ? holder : null;
	}

}
