package io.github.resilientdb.test;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.resilientdb.test.proxy.FiredFaults;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.contentOf;

/**
 * Scenarios that run several times, as JUnit runs them: each has a table of its own, and
 * none hides what is red in another.
 */
class InvocationSummaryTests {

	@Test
	void showsEachInvocation() {
		SummaryGeneratingListener junit = new SummaryGeneratingListener();
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(DiscoverySelectors.selectClass(Invocations.class))
			.build();
		LauncherFactory.create().execute(request, junit);
		assertThat(junit.getSummary().getTestsFailedCount()).isEqualTo(7);
		assertThat(summary(Invocations.class)).contains("commits [1] answer = \"bad\": 0 of 1 runs", "FAILED",
				"commits [2] answer = \"good\": 1 of 1 runs", "commits [1] answer = \"bad\" #2: 0 of 1 runs",
				"repeats [2] answer = \"good\" repetition 1 of 2: 0 of 1 runs",
				"repeats [2] answer = \"good\" repetition 2 of 2: 1 of 1 runs",
				"withValue [1] answer = \"bad\" [1] value = \"bad\": 0 of 1 runs",
				"withValue [1] answer = \"bad\" [2] value = \"good\": 1 of 1 runs");
		assertThat(summary(Invocations.Inner.class)).contains("commits [1] answer = \"bad\": 0 of 1 runs",
				"commits [2] answer = \"good\": 1 of 1 runs");
	}

	private static String summary(Class<?> type) {
		return contentOf(Path.of("target/disconnect-tests/" + type.getName() + ".txt").toFile());
	}

	/**
	 * Run by nobody but the test above.
	 */
	@SpringJUnitConfig(Empty.class)
	@DisconnectTest
	@ParameterizedClass
	@ValueSource(strings = { "bad", "good" })
	static class Invocations {

		@Autowired
		private DisconnectProbe probe;

		@Parameter
		private String answer;

		@TestFactory
		Stream<DynamicTest> commits(DisconnectScenario first, DisconnectScenario second) {
			return Stream.concat(tests(first, this.answer), tests(second, this.answer));
		}

		@RepeatedTest(2)
		void repeats(RepetitionInfo repetition, DisconnectScenario scenario) throws Throwable {
			run(scenario, (repetition.getCurrentRepetition() == 1) ? "bad" : "good");
		}

		@ParameterizedTest
		@ValueSource(strings = { "bad", "good" })
		void withValue(String value, DisconnectScenario scenario) throws Throwable {
			run(scenario, value);
		}

		private void run(DisconnectScenario scenario, String answer) throws Throwable {
			for (DynamicTest test : tests(scenario, answer).toList()) {
				test.getExecutable().execute();
			}
		}

		private Stream<DynamicTest> tests(DisconnectScenario scenario, String answer) {
			return scenario.when(() -> ask(answer)).kinds(FaultKind.REPLY_LOST).tests();
		}

		private void ask(String answer) {
			boolean lost = FiredFaults.fire(this.probe.roundTrips().observe("db", List.of("COMMIT")));
			if (lost && answer.equals("bad")) {
				throw new IllegalStateException("connection lost");
			}
		}

		@Nested
		class Inner {

			@TestFactory
			Stream<DynamicTest> commits(DisconnectScenario scenario) {
				return tests(scenario, Invocations.this.answer);
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}
