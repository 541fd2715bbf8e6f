package io.github.resilientdb.test;

import java.util.Collection;

/**
 * What became of a scenario that a test was given: a test that does not use it passes,
 * and has tested nothing.
 */
final class ScenarioUse {

	private Progress progress = Progress.NONE;

	/**
	 * There are tests of the scenario.
	 */
	void asked() {
		this.progress = Progress.ASKED;
	}

	/**
	 * One of its tests ran, or it was refused.
	 */
	void done() {
		this.progress = Progress.DONE;
	}

	/**
	 * Fail a test that used none of its scenarios.
	 * @throws AssertionError with the line to write
	 */
	static void require(Collection<ScenarioUse> scenarios) {
		if (scenarios.isEmpty() || scenarios.stream().anyMatch((use) -> use.progress == Progress.DONE)) {
			return;
		}
		boolean asked = scenarios.stream().anyMatch((use) -> use.progress == Progress.ASKED);
		throw new AssertionError("The scenario was not run, so that nothing was tested. " + (asked
				? "Its tests were not returned: write @TestFactory instead of @Test, and return scenario…tests()"
				: "End it with .tests(), in a method with @TestFactory that returns them: "
						+ "return scenario.given(…).when(…).tests();"));
	}

	private enum Progress {

		NONE, ASKED, DONE

	}

}
