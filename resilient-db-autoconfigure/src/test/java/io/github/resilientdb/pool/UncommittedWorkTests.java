package io.github.resilientdb.pool;

import io.github.resilientdb.retry.TransactionManagerPostProcessor;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for transactions that a callback has kept from being committed, within one of
 * another pool.
 */
class UncommittedWorkTests {

	private final FakeDatabase outer = new FakeDatabase();

	private final FakeDatabase inner = new FakeDatabase();

	@Test
	void theTransactionAroundItGoesOn() {
		try (TestPool outerPool = TestPool.of(this.outer).build();
				TestPool innerPool = TestPool.of(this.inner).build()) {
			JdbcTemplate outerJdbc = new JdbcTemplate(outerPool.dataSource());
			TransactionTemplate innerTransaction = transaction(innerPool);
			transaction(outerPool).executeWithoutResult((status) -> {
				outerJdbc.execute("A");
				assertThatExceptionOfType(IllegalTransactionStateException.class)
					.isThrownBy(() -> innerTransaction.executeWithoutResult((innerStatus) -> {
						new JdbcTemplate(innerPool.dataSource()).execute("B");
						refuseTheCommit();
					}));
				outerJdbc.execute("C");
			});
			assertThat(this.inner.committed()).isEmpty();
			assertThat(this.outer.committed()).containsExactly("A", "C");
		}
	}

	private static TransactionTemplate transaction(TestPool pool) {
		JdbcTransactionManager manager = new JdbcTransactionManager(pool.dataSource());
		new TransactionManagerPostProcessor(() -> false).postProcessAfterInitialization(manager, "manager");
		return new TransactionTemplate(manager);
	}

	private static void refuseTheCommit() {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void beforeCommit(boolean readOnly) {
				throw new IllegalTransactionStateException("refused");
			}

		});
	}

}
