package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import org.jspecify.annotations.Nullable;

/**
 * The single faults that a test has placed. Each fires once, on whichever connection of
 * whichever server its statement comes. Safe to use from several threads.
 */
final class PlacedFaults {

	private final List<Placed> placed = new ArrayList<>();

	/**
	 * Place a fault at the next such statement.
	 * @param description what it is, for the report
	 * @param fault the fault
	 * @param statement which statement
	 */
	synchronized void place(String description, Fault fault, Predicate<String> statement) {
		this.placed.add(new Placed(description, ArmedFault.of(fault), statement));
	}

	/**
	 * See a request.
	 * @return the fault to place there, or {@code null}
	 */
	synchronized @Nullable ArmedFault observe(List<String> statements) {
		for (Placed next : this.placed) {
			if (!next.fault().isTaken() && statements.stream().anyMatch(next.statement())) {
				return next.fault().take();
			}
		}
		return null;
	}

	/**
	 * Take all back.
	 * @return the descriptions of those that did not fire
	 */
	synchronized List<String> clear() {
		List<String> missed = this.placed.stream()
			.filter((one) -> !one.fault().isFired())
			.map(Placed::description)
			.toList();
		this.placed.clear();
		return missed;
	}

	private record Placed(String description, ArmedFault fault, Predicate<String> statement) {

	}

}
