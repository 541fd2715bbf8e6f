package io.github.resilientdb.test.proxy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The faults that wait for their statements.
 */
final class ArmedFaults {

	private final List<ArmedFault> faults = new CopyOnWriteArrayList<>();

	ArmedFault arm(Fault fault, Predicate<String> statement, int occurrence) {
		ArmedFault armed = new ArmedFault(fault, statement, occurrence);
		this.faults.add(armed);
		return armed;
	}

	/**
	 * Return the fault that takes this execution of a statement.
	 */
	@Nullable ArmedFault at(String sql) {
		for (ArmedFault armed : this.faults) {
			if (armed.takes(sql)) {
				return armed;
			}
		}
		return null;
	}

	void disarm() {
		this.faults.forEach(ArmedFault::disarm);
		this.faults.clear();
	}

	List<ArmedFault> all() {
		return List.copyOf(this.faults);
	}

}
