package io.github.resilientdb.retry;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.ConnectionStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Rolls back what a callback before the commit has kept from being committed by a
 * {@code TransactionException}. Spring does so after any other exception, but takes that
 * one for the COMMIT's own: the clean-up that follows would switch auto-commit on, which
 * commits. Where COMMIT was sent, there is nothing left to roll back.
 */
final class UncommittedWork implements TransactionSynchronization {

	static final TransactionSynchronization SYNCHRONIZATION = new UncommittedWork();

	private static final Logger logger = LoggerFactory.getLogger(UncommittedWork.class);

	private UncommittedWork() {
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void afterCompletion(int status) {
		if (status != STATUS_UNKNOWN) {
			return;
		}
		for (Object resource : TransactionSynchronizationManager.getResourceMap().values()) {
			if (resource instanceof ConnectionHolder holder) {
				rollBack(holder.getConnection());
			}
		}
	}

	private static void rollBack(Connection connection) {
		try {
			if (connection.isWrapperFor(ConnectionStatus.class) && !connection.getAutoCommit()) {
				connection.rollback();
			}
		}
		catch (SQLException | RuntimeException ex) {
			logger.debug("What was not committed could not be rolled back", ex);
		}
	}

}
