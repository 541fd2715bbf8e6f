package io.github.resilientdb.integration;

import java.util.List;
import java.util.stream.Stream;

import io.github.resilientdb.RetryableTransaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What the operator reads of an application that does not start.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidConfigurationTests {

	@ParameterizedTest
	@CsvSource({ "resilientdb.pool.size, 0, Must be positive", "resilientdb.pool.size, -1, Must be positive",
			"resilientdb.pool.recycle, -1s, Must be a duration of at least 1s",
			"resilientdb.pool.timeout, 0s, Must be a duration of at least 250ms",
			"resilientdb.pool.ping-after, -1s, Must be a duration of at least 0s",
			"resilientdb.pool.ping-timeout, 0s, Must be a duration of at least 10ms",
			"resilientdb.datasources.dataSource.size, 0, Must be positive",
			"resilientdb.retry.max-attempts, 0, Must be positive", "resilientdb.retry.deadline, 0s, Must be positive",
			"resilientdb.commit.timeout, 0s, Must be a positive" })
	void aBadValueIsNamedWithItsOriginAndTheRule(String name, String value, String rule, CapturedOutput output) {
		start(Valid.class, name + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.containsIgnoringCase("'" + name + "'")
			.contains("\"" + name + "\" from property source \"commandLineArgs\"")
			.contains(rule);
	}

	@ParameterizedTest
	@CsvSource({ "resilientdb.pool.size, many, a whole number",
			"resilientdb.pool.recycle, soon, a number with its unit",
			"resilientdb.retry.deadline, soon, a number with its unit", "resilientdb.enabled, perhaps, true or false" })
	void aValueThatCanNotBeReadIsAnsweredWithWhatToWrite(String name, String value, String advice,
			CapturedOutput output) {
		start(Valid.class, name + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'" + value + "'")
			.contains("'" + name + "'")
			.contains("\"" + name + "\" from property source \"commandLineArgs\"")
			.contains("Write " + advice);
	}

	@ParameterizedTest
	@CsvSource({ "resilientdb.pool.mode, some, 'pooled, none'",
			"resilientdb.retry.reasons, weather, 'disconnect, serialization-failure, deadlock'",
			"resilientdb.commit.verification, guess, 'auto, marker, xid, none'" })
	void aValueThatIsNoneOfSeveralIsAnsweredWithThose(String name, String value, String values, CapturedOutput output) {
		start(Valid.class, name + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("'" + value + "'")
			.contains("'" + name + "'")
			.contains("\"" + name + "\" from property source \"commandLineArgs\"")
			.contains("Write one of: " + values);
	}

	@Test
	void aBadDeadlineOnAnAnnotationIsNamedWithItsMethod(CapturedOutput output) {
		start(UnparsableDeadline.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("@RetryableTransaction on '")
			.contains("UnparsableDeadline.work")
			.contains("deadline (\"soon\") is not a duration")
			.contains("Action:");
	}

	private static void start(Class<?> service, String... properties) {
		List<String> arguments = Stream
			.concat(Stream.of("spring.datasource.generate-unique-name=true", "spring.flyway.enabled=false",
					"spring.main.banner-mode=off"), Stream.of(properties))
			.map((property) -> "--" + property)
			.toList();
		assertThatException().isThrownBy(
				() -> new SpringApplicationBuilder(Notes.Application.class, service).web(WebApplicationType.NONE)
					.run(arguments.toArray(String[]::new))
					.close());
	}

	static class Valid {

	}

	static class UnparsableDeadline {

		@RetryableTransaction(deadline = "soon")
		void work() {
		}

	}

}
