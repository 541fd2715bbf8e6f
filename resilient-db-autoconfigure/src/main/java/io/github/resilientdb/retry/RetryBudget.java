package io.github.resilientdb.retry;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many second and later reruns there may be, so that a database in trouble gets
 * little more than the load it had: each transaction adds a fraction of a rerun.
 */
final class RetryBudget {

	// Fractions of a rerun are counted in thousandths
	private static final long WHOLE = 1000;

	private final long perTransaction;

	private final long capacity;

	private final AtomicLong available;

	/**
	 * Create a budget, full at first.
	 * @param ratio the number of reruns that each transaction adds
	 * @param burst the number of reruns that may be saved up
	 */
	RetryBudget(double ratio, int burst) {
		this.perTransaction = Math.round(ratio * WHOLE);
		this.capacity = burst * WHOLE;
		this.available = new AtomicLong(this.capacity);
	}

	/**
	 * Count a transaction.
	 */
	void transactionStarted() {
		add(this.perTransaction);
	}

	/**
	 * Take a rerun.
	 * @return whether one was left
	 */
	boolean take() {
		long current = this.available.get();
		while (current >= WHOLE) {
			if (this.available.compareAndSet(current, current - WHOLE)) {
				return true;
			}
			current = this.available.get();
		}
		return false;
	}

	/**
	 * Give back a rerun that was taken and not used.
	 */
	void giveBack() {
		add(WHOLE);
	}

	// It is full most of the time: then this is a read, and callers don't contend
	private void add(long amount) {
		if (amount > 0 && this.available.get() < this.capacity) {
			this.available.accumulateAndGet(amount, (current, added) -> Math.min(this.capacity, current + added));
		}
	}

}
