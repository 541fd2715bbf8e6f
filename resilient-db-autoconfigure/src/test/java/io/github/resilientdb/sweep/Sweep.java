package io.github.resilientdb.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.resilientdb.test.DisconnectScenario;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs programs with a fault at every round trip: all of them, or in {@code verify} a
 * fixed part. What is known to fail is listed with its reason, and must go on failing.
 */
final class Sweep {

	/**
	 * A silence takes about a second, the other faults take some milliseconds.
	 */
	private static final int MORE_OTHERS_THAN_SILENCES = 8;

	private final Map<String, String> known;

	/**
	 * Of how many faults one is placed.
	 */
	private final int stride;

	private int next;

	private int nextSilence;

	/**
	 * Create a sweep of a part of all faults.
	 */
	static Sweep oneIn(int stride, Map<String, String> known) {
		return new Sweep(stride, known);
	}

	/**
	 * Create a sweep of all faults.
	 */
	static Sweep complete(Map<String, String> known) {
		return new Sweep(1, known);
	}

	private Sweep(int stride, Map<String, String> known) {
		this.stride = stride;
		this.known = Map.copyOf(known);
	}

	/**
	 * Return the test of a program.
	 */
	Stream<DynamicTest> tests(Program program, DisconnectScenario scenario) {
		scenario.when(program.work()).allowingException(Exception.class);
		if (!program.rerun()) {
			scenario.allowingFailure();
		}
		return Stream.of(DynamicTest.dynamicTest(program.name(), () -> run(program, scenario)));
	}

	private void run(Program program, DisconnectScenario scenario) throws Throwable {
		String reason = this.known.get(program.name());
		List<DynamicTest> faults = scenario.tests().toList();
		if (reason != null) {
			requireFailure(faults, reason);
			return;
		}
		List<String> failures = new ArrayList<>();
		for (DynamicTest fault : faults) {
			if (isPlaced(fault)) {
				try {
					fault.getExecutable().execute();
				}
				catch (AssertionError ex) {
					failures.add(ex.getMessage());
				}
			}
		}
		if (!failures.isEmpty()) {
			throw new AssertionError(
					"%d of %d faults:%n%s".formatted(failures.size(), faults.size(), String.join("\n", failures)));
		}
	}

	private boolean isPlaced(DynamicTest fault) {
		if (this.stride == 1) {
			return true;
		}
		return fault.getDisplayName().startsWith("silence")
				? this.nextSilence++ % (this.stride * MORE_OTHERS_THAN_SILENCES) == 0 : this.next++ % this.stride == 0;
	}

	private static void requireFailure(List<DynamicTest> faults, String reason) throws Throwable {
		for (DynamicTest fault : faults) {
			try {
				fault.getExecutable().execute();
			}
			catch (AssertionError ex) {
				return;
			}
		}
		throw new AssertionError("No longer fails, take it off the list: " + reason);
	}

}
