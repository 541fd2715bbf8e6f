package io.github.resilientdb.retry;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.resilientdb.ConnectionStatus;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AfterCommitConnections}.
 */
// What is bound is bound to the thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class AfterCommitConnectionsTests {

	private final AfterCommitConnections listener = new AfterCommitConnections();

	private final Object dataSource = new Object();

	@BeforeEach
	void begin() {
		TransactionSynchronizationManager.initSynchronization();
	}

	@AfterEach
	void clear() {
		Set.copyOf(TransactionSynchronizationManager.getResourceMap().keySet())
			.forEach(TransactionSynchronizationManager::unbindResource);
		TransactionSynchronizationManager.clear();
	}

	@Test
	void takesADeadConnectionAwayUntilTheCallbacksAreOver() {
		ConnectionHolder holder = bind(connection(true));
		this.listener.afterBegin(new SimpleTransactionStatus(), null);
		afterCommit();
		assertThat(TransactionSynchronizationManager.hasResource(this.dataSource)).isFalse();
		bind(connection(false)); // what a callback has fetched
		afterCompletion();
		assertThat(TransactionSynchronizationManager.getResource(this.dataSource)).isSameAs(holder);
	}

	@Test
	void leavesALiveConnectionWhereItIs() {
		ConnectionHolder holder = bind(connection(false));
		this.listener.afterBegin(new SimpleTransactionStatus(), null);
		afterCommit();
		assertThat(TransactionSynchronizationManager.getResource(this.dataSource)).isSameAs(holder);
	}

	@Test
	void leavesAConnectionThatIsNotGuardedWhereItIs() {
		ConnectionHolder holder = bind(connection(null));
		this.listener.afterBegin(new SimpleTransactionStatus(), null);
		afterCommit();
		assertThat(TransactionSynchronizationManager.getResource(this.dataSource)).isSameAs(holder);
	}

	@Test
	void comesBeforeAndAfterTheCallbacksOfTheApplication() {
		List<String> order = new ArrayList<>();
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
			@Override
			public void afterCommit() {
				order.add("bound "
						+ TransactionSynchronizationManager.hasResource(AfterCommitConnectionsTests.this.dataSource));
			}
		});
		bind(connection(true));
		this.listener.afterBegin(new SimpleTransactionStatus(), null);
		afterCommit();
		assertThat(order).containsExactly("bound false");
	}

	@Test
	void doesNothingForATransactionThatDidNotBegin() {
		this.listener.afterBegin(new SimpleTransactionStatus(), new IllegalStateException("no connection"));
		assertThat(TransactionSynchronizationManager.getSynchronizations()).isEmpty();
	}

	private ConnectionHolder bind(Connection connection) {
		ConnectionHolder holder = new ConnectionHolder(connection);
		TransactionSynchronizationManager.bindResource(this.dataSource, holder);
		return holder;
	}

	private static void afterCommit() {
		TransactionSynchronizationManager.getSynchronizations().forEach(TransactionSynchronization::afterCommit);
	}

	private static void afterCompletion() {
		TransactionSynchronizationManager.getSynchronizations()
			.forEach((synchronization) -> synchronization.afterCompletion(TransactionSynchronization.STATUS_COMMITTED));
	}

	/**
	 * A connection that is dead or not, or of which that is not known.
	 */
	private static Connection connection(@Nullable Boolean dead) {
		ConnectionStatus status = () -> Boolean.TRUE.equals(dead);
		return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "isWrapperFor" -> dead != null;
					case "unwrap" -> status;
					default -> throw new UnsupportedOperationException(method.getName());
				});
	}

}
