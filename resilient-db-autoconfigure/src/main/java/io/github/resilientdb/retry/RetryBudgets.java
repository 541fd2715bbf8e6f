package io.github.resilientdb.retry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The budgets, one for each DataSource.
 */
final class RetryBudgets {

	private final Map<Object, RetryBudget> budgets = new ConcurrentHashMap<>();

	private final RetrySettings.Budget settings;

	private final IntSupplier poolSize;

	/**
	 * Create the budgets.
	 * @param settings the settings of each
	 * @param poolSize the size of the largest pool, asked when a budget is first used
	 */
	RetryBudgets(RetrySettings.Budget settings, IntSupplier poolSize) {
		this.settings = settings;
		this.poolSize = poolSize;
	}

	RetryBudget get(Object scope) {
		RetryBudget budget = this.budgets.get(scope);
		return (budget != null) ? budget : this.budgets.computeIfAbsent(scope, (key) -> create());
	}

	// A burst is for an incident that takes every connection of the pool at once
	private RetryBudget create() {
		return new RetryBudget(this.settings.ratio(), Math.max(this.settings.burst(), this.poolSize.getAsInt()));
	}

}
