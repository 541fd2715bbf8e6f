package io.github.resilientdb.retry;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

import io.github.resilientdb.ConnectionStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.SimpleConnectionHandle;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Takes dead connections off the thread while callbacks run after a commit that was
 * verified on another one, so that what they do with JDBC gets a live one. Sessions of
 * Hibernate are dealt with in {@code jpa}.
 */
final class AfterCommitConnections implements TransactionExecutionListener {

	private static final TransactionSynchronization BEFORE_OTHER_CALLBACKS = new BeforeOtherCallbacks();

	@Override
	public void afterBegin(TransactionExecution transaction, @Nullable Throwable beginFailure) {
		if (beginFailure == null && TransactionSynchronizationManager.isSynchronizationActive()) {
			TransactionSynchronizationManager.registerSynchronization(BEFORE_OTHER_CALLBACKS);
		}
	}

	private static boolean isDead(Object resource) {
		return resource instanceof ConnectionHolder holder
				&& holder.getConnectionHandle() instanceof SimpleConnectionHandle handle
				&& isDead(handle.getConnection());
	}

	private static boolean isDead(Connection connection) {
		try {
			return connection.isWrapperFor(ConnectionStatus.class)
					&& connection.unwrap(ConnectionStatus.class).isDead();
		}
		catch (SQLException ex) {
			// Closed, or a proxy that can't be asked: then it stays where it is
			return false;
		}
	}

	private static final class BeforeOtherCallbacks implements TransactionSynchronization {

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

		@Override
		public void afterCommit() {
			Map<Object, Object> dead = new HashMap<>(TransactionSynchronizationManager.getResourceMap());
			dead.values().removeIf((resource) -> !isDead(resource));
			if (!dead.isEmpty()) {
				dead.keySet().forEach(TransactionSynchronizationManager::unbindResource);
				TransactionSynchronizationManager.registerSynchronization(new AfterOtherCallbacks(dead));
			}
		}

	}

	/**
	 * Puts them back for the transaction manager, which is going to release them.
	 */
	private record AfterOtherCallbacks(Map<Object, Object> dead) implements TransactionSynchronization {

		@Override
		public int getOrder() {
			return Ordered.LOWEST_PRECEDENCE;
		}

		@Override
		public void afterCompletion(int status) {
			this.dead.forEach((key, holder) -> {
				TransactionSynchronizationManager.unbindResourceIfPossible(key);
				TransactionSynchronizationManager.bindResource(key, holder);
			});
		}

	}

}
