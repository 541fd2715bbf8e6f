package io.github.resilientdb.retry;

import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryBudgets}.
 */
class RetryBudgetsTests {

	private final AtomicInteger poolSize = new AtomicInteger(7);

	private final RetryBudgets budgets = new RetryBudgets(new RetrySettings.Budget(0, 3), this.poolSize::get);

	@Test
	void everyDataSourceHasItsOwnBudget() {
		assertThat(drain(this.budgets.get("first"))).isEqualTo(7);
		assertThat(drain(this.budgets.get("first"))).isZero();
		assertThat(drain(this.budgets.get("second"))).isEqualTo(7);
	}

	@Test
	void burstIsAsConfiguredIfThePoolIsSmaller() {
		this.poolSize.set(2);
		assertThat(drain(this.budgets.get("first"))).isEqualTo(3);
	}

	@Test
	void poolIsNotAskedBeforeABudgetIsUsed() {
		this.poolSize.set(12);
		assertThat(drain(this.budgets.get("first"))).isEqualTo(12);
		this.poolSize.set(20);
		assertThat(drain(this.budgets.get("first"))).isZero();
	}

	private static int drain(RetryBudget budget) {
		int taken = 0;
		while (budget.take()) {
			taken++;
		}
		return taken;
	}

}
