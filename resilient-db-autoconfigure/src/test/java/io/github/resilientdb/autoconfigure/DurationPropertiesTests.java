package io.github.resilientdb.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what every duration of ours refuses, those of the {@code DataSource} beans
 * included.
 */
class DurationPropertiesTests {

	// Whose description says what 0s means
	private static final Set<String> MAY_BE_ZERO = Set.of("resilientdb.pool.ping-after",
			"resilientdb.datasources.orders.ping-after", "resilientdb.startup.wait-for-database");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class,
				DataSourceAutoConfiguration.class, ResilientDbDisconnectAutoConfiguration.class,
				ResilientDbPoolAutoConfiguration.class, ResilientDbRetryAutoConfiguration.class))
		.withPropertyValues("spring.datasource.generate-unique-name=true");

	static List<String> durations() {
		KnownProperties known = KnownProperties.ALL;
		return Stream
			.concat(known.durations().stream(),
					known.durationsOfDataSource().stream().map((name) -> "resilientdb.datasources.orders." + name))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("durations")
	void aNumberWithoutAUnitIsRefused(String property) {
		assertRefused(property, "15", "did you mean 15s?");
	}

	@ParameterizedTest
	@MethodSource("durations")
	void zeroIsRefusedUnlessItIsDocumented(String property) {
		if (MAY_BE_ZERO.contains(property)) {
			this.runner.withPropertyValues(property + "=0s").run((context) -> assertThat(context).hasNotFailed());
			return;
		}
		assertRefused(property, "0s", "Must be ");
	}

	@ParameterizedTest
	@MethodSource("durations")
	void aNegativeOneIsRefused(String property) {
		assertRefused(property, "-1s", "Must be ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "resilientdb.pool.size=many", "resilientdb.pool.recycle=1ms",
			"resilientdb.commit.timeout=0s", "resilientdb.watchdog.after=5" })
	void isRefusedWithoutAnyPoolToo(String property) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ResilientDbDisconnectAutoConfiguration.class,
					ResilientDbPoolAutoConfiguration.class))
			.withPropertyValues(property)
			.run((context) -> assertThat(context).hasFailed());
	}

	private void assertRefused(String property, String value, String rule) {
		this.runner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (failure) -> {
					assertThat(failure.getName()).isEqualTo(property);
					assertThat(failure.getValue()).isEqualTo(value);
					assertThat(failure.getReason()).contains(rule);
				}));
	}

}
