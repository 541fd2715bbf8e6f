package io.github.resilientdb.retry;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryBudget}.
 */
class RetryBudgetTests {

	@Test
	void isFullAtFirst() {
		RetryBudget budget = new RetryBudget(0.2, 3);
		assertThat(drain(budget)).isEqualTo(3);
	}

	@Test
	void isFilledByTransactions() {
		RetryBudget budget = new RetryBudget(0.2, 3);
		drain(budget);
		for (int i = 0; i < 4; i++) {
			budget.transactionStarted();
			assertThat(budget.take()).isFalse();
		}
		budget.transactionStarted();
		assertThat(drain(budget)).isEqualTo(1);
	}

	@Test
	void isNeverMoreThanFull() {
		RetryBudget budget = new RetryBudget(10, 3);
		for (int i = 0; i < 100; i++) {
			budget.transactionStarted();
		}
		budget.giveBack();
		assertThat(drain(budget)).isEqualTo(3);
	}

	@Test
	void takesBackWhatWasNotUsed() {
		RetryBudget budget = new RetryBudget(0, 1);
		assertThat(budget.take()).isTrue();
		budget.giveBack();
		assertThat(budget.take()).isTrue();
		assertThat(budget.take()).isFalse();
	}

	private static int drain(RetryBudget budget) {
		int taken = 0;
		while (budget.take()) {
			taken++;
		}
		return taken;
	}

}
