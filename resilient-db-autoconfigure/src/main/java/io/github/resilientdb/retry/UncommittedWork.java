package io.github.resilientdb.retry;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.ConnectionStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Rolls a transaction back if a callback before the commit throws a
 * {@code TransactionException}. After any other exception Spring does so itself, but it
 * takes that one for a failure of COMMIT: the clean-up that follows would switch
 * auto-commit on, which commits. If COMMIT was sent, nothing is left to roll back.
 * <p>
 * The connections of other transaction managers are left alone: their transactions may go
 * on.
 *
 * @param manager the transaction manager whose transactions are meant
 */
record UncommittedWork(
		ResourceTransactionManager manager) implements TransactionExecutionListener, TransactionSynchronization {

	private static final Logger logger = LoggerFactory.getLogger(UncommittedWork.class);

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		if (beginFailure == null && TransactionSynchronizationManager.isSynchronizationActive()) {
			TransactionSynchronizationManager.registerSynchronization(this);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void afterCompletion(int status) {
		if (status == STATUS_UNKNOWN && TransactionSynchronizationManager
			.getResource(this.manager.getResourceFactory()) instanceof ConnectionHolder holder) {
			rollBack(holder.getConnection());
		}
	}

	private static void rollBack(Connection connection) {
		try {
			if (connection.isWrapperFor(ConnectionStatus.class) && !connection.getAutoCommit()) {
				connection.rollback();
			}
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("A transaction that was kept from being committed could not be rolled back", ex);
		}
	}

}
