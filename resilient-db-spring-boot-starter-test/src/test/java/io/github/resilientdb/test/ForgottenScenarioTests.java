package io.github.resilientdb.test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.resilientdb.test.proxy.FiredFaults;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Test methods that are given a scenario and don't run it fail, as JUnit runs them.
 */
class ForgottenScenarioTests {

	private final Map<String, String> results = new LinkedHashMap<>();

	@Test
	void failsThoseThatTestNothing() {
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(DiscoverySelectors.selectClass(Methods.class))
			.build();
		LauncherFactory.create().execute(request, new TestExecutionListener() {
			@Override
			public void executionFinished(TestIdentifier test, TestExecutionResult result) {
				ForgottenScenarioTests.this.results.put(test.getDisplayName(),
						result.getThrowable().map(Throwable::getMessage).orElse("passed"));
			}
		});
		assertThat(this.results).containsEntry("runs(DisconnectScenario)", "passed")
			.containsEntry("reply of statement 1 lost: COMMIT", "passed")
			.containsEntry("asksForNone()", "passed")
			.containsEntry("failsFirst(DisconnectScenario)", "its own failure")
			.hasEntrySatisfying("endsWithoutTests(DisconnectScenario)",
					(message) -> assertThat(message).contains("nothing was tested", "End it with .tests()"))
			.hasEntrySatisfying("returnsNoTests(DisconnectScenario)", (message) -> assertThat(message)
				.contains("nothing was tested", "write @TestFactory instead of @Test"));
	}

	/**
	 * Run by nobody but the test above.
	 */
	@SpringJUnitConfig(Empty.class)
	@DisconnectTest
	static class Methods {

		@Autowired
		private DisconnectProbe probe;

		@TestFactory
		Stream<DynamicTest> runs(DisconnectScenario scenario) {
			return askingIn(scenario).tests();
		}

		@Test
		void endsWithoutTests(DisconnectScenario scenario) {
			askingIn(scenario);
		}

		@Test
		void returnsNoTests(DisconnectScenario scenario) {
			assertThat(askingIn(scenario).tests()).hasSize(1);
		}

		@Test
		void failsFirst(DisconnectScenario scenario) {
			askingIn(scenario);
			throw new IllegalStateException("its own failure");
		}

		@Test
		void asksForNone() {
		}

		private DisconnectScenario askingIn(DisconnectScenario scenario) {
			return scenario.when(this::ask).kinds(FaultKind.REPLY_LOST).allowingFailure();
		}

		private void ask() {
			if (FiredFaults.fire(this.probe.roundTrips().observe("db", List.of("COMMIT")))) {
				throw new IllegalStateException("connection lost");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}
