package io.github.resilientdb.attempt;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What an attempt did for good, whatever becomes of its own transaction. Counted by the
 * names of the transactions.
 */
final class IndependentWork {

	static final String AUTO_COMMIT = "statements in auto-commit mode";

	static final String UNMANAGED = "transactions that Spring doesn't manage";

	private @Nullable Map<String, Integer> times;

	void add(@Nullable String name) {
		add((name != null) ? name : "", 1);
	}

	void add(String name, int times) {
		if (this.times == null) {
			this.times = new LinkedHashMap<>();
		}
		this.times.merge(name, times, Integer::sum);
	}

	/**
	 * Return a copy that has one more.
	 */
	IndependentWork with(@Nullable String name) {
		IndependentWork copy = new IndependentWork();
		get().forEach(copy::add);
		copy.add(name);
		return copy;
	}

	/**
	 * Return what messages call a transaction.
	 */
	static String nameOf(TransactionRecord transaction) {
		String name = (transaction.name() != null) ? transaction.name() : "";
		return (transaction.outcome() == TransactionOutcome.UNKNOWN) ? (name + " (outcome unknown)").strip() : name;
	}

	Map<String, Integer> get() {
		return (this.times != null) ? this.times : Map.of();
	}

}
