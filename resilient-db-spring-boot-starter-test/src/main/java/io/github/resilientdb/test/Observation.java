package io.github.resilientdb.test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.resilientdb.test.rows.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a method did, in a form that later runs can't change.
 *
 * @param snapshots the committed rows, by data source
 * @param result the returned value, as text
 * @param exception what was thrown, if anything
 * @param events the application events, each as text, in order
 * @param callbacks what ran after commits, each as text, in order
 * @param effects what the method did elsewhere, by the name under which the user
 * registered it, as text
 * @param openTransactions how many transactions were left open
 * @param attempts how often the method began
 * @param outcomeUnknown whether it was said of a transaction that its outcome is unknown
 */
record Observation(Map<String, Snapshot> snapshots, String result, @Nullable Throwable exception, List<String> events,
		List<String> callbacks, Map<String, String> effects, int openTransactions, int attempts,
		boolean outcomeUnknown) {

	Observation {
		snapshots = new TreeMap<>(snapshots);
		events = List.copyOf(events);
		callbacks = List.copyOf(callbacks);
		effects = new TreeMap<>(effects);
	}

	/**
	 * Return what the exception says, if one was thrown.
	 */
	String message() {
		return (this.exception != null) ? String.valueOf(this.exception.getMessage()) : "";
	}

	String outcome() {
		return (this.exception != null) ? "exception " + this.exception.getClass().getName() : "result " + this.result;
	}

}
