package io.github.resilientdb.autoconfigure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What switches everything off, and what doesn't.
 */
class EnabledConditionTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Ours.class);

	@Test
	void isOnByDefault() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(Ours.class));
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "TRUE, true", "on, true", "yes, true", "1, true", "'', true", "false, false",
			"off, false", "no, false", "0, false" })
	void readsWhatEveryBooleanMayBe(String value, boolean enabled) {
		this.runner.withPropertyValues("resilientdb.enabled=" + value)
			.run((context) -> assertThat(context.getBeansOfType(Ours.class)).hasSize(enabled ? 1 : 0));
	}

	@ParameterizedTest
	@CsvSource({ "maybe", "treu" })
	void refusesEverythingElse(String value) {
		this.runner.withPropertyValues("resilientdb.enabled=" + value)
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining(BindException.class.getName())
				.hasStackTraceContaining(value));
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnResilientDb
	static class Ours {

	}

}
