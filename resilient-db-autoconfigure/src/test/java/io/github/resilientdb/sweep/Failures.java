package io.github.resilientdb.sweep;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.test.DisconnectScenario;

/**
 * What a scenario finds, where it is expected to find something.
 */
final class Failures {

	private Failures() {
	}

	static List<String> of(DisconnectScenario scenario) {
		List<String> failures = new ArrayList<>();
		scenario.tests().forEach((test) -> {
			try {
				test.getExecutable().execute();
			}
			catch (AssertionError ex) {
				failures.add(ex.getMessage());
			}
			catch (Throwable ex) {
				throw new IllegalStateException(ex);
			}
		});
		return failures;
	}

}
