package io.github.resilientdb.sweep;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.test.DisconnectScenario;
import org.junit.jupiter.api.DynamicTest;

/**
 * Runs programs with a fault at every round trip: all of them, or in {@code verify} a
 * fixed part.
 */
final class Sweep {

	/**
	 * A silence takes about a second, the other faults take some milliseconds.
	 */
	private static final int MORE_OTHERS_THAN_SILENCES = 8;

	/**
	 * Of how many faults one is placed.
	 */
	private final int stride;

	private int next;

	private int nextSilence;

	/**
	 * Create a sweep of a part of all faults.
	 */
	static Sweep oneIn(int stride) {
		return new Sweep(stride);
	}

	/**
	 * Create a sweep of all faults.
	 */
	static Sweep complete() {
		return new Sweep(1);
	}

	private Sweep(int stride) {
		this.stride = stride;
	}

	/**
	 * Return the test of a program.
	 */
	DynamicTest test(Program program, DisconnectScenario scenario) {
		scenario.when(program.work()).allowingException(Exception.class);
		if (!program.rerun()) {
			scenario.allowingFailure();
		}
		return DynamicTest.dynamicTest(program.name(), () -> run(scenario));
	}

	private void run(DisconnectScenario scenario) throws Throwable {
		List<DynamicTest> faults = scenario.tests().toList();
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

}
