package io.github.resilientdb.test;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link ScenarioUse}.
 */
class ScenarioUseTests {

	private final ScenarioUse first = new ScenarioUse();

	private final ScenarioUse second = new ScenarioUse();

	@Test
	void isNotRequiredOfATestWithoutScenarios() {
		assertThatNoException().isThrownBy(() -> ScenarioUse.require(List.of()));
	}

	@Test
	void failsATestThatForgetsToAskForTests() {
		requireFailsWith("End it with .tests()");
	}

	@Test
	void failsATestThatForgetsToReturnThem() {
		this.second.asked();
		requireFailsWith("write @TestFactory instead of @Test");
	}

	@Test
	void isEnoughIfOneOfSeveralWasRun() {
		this.first.asked();
		this.second.asked();
		this.second.done();
		assertThatNoException().isThrownBy(() -> ScenarioUse.require(List.of(this.first, this.second)));
	}

	private void requireFailsWith(String advice) {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> ScenarioUse.require(List.of(this.first, this.second)))
			.withMessageContaining("nothing was tested")
			.withMessageContaining(advice);
	}

}
