package io.github.resilientdb.autoconfigure;

import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PropertyGroups}.
 */
class PropertyGroupsTests {

	@ParameterizedTest
	@MethodSource
	void theDefaultsAreThoseOfTheAnnotations(Record defaults) {
		assertThat(defaults).isEqualTo(new Binder().bindOrCreate("group", defaults.getClass()));
	}

	static Stream<Record> theDefaultsAreThoseOfTheAnnotations() {
		return Stream.of(PoolProperties.DEFAULTS, CommitProperties.DEFAULTS, RetryProperties.DEFAULTS,
				DataSourcesProperties.DEFAULTS, StartupProperties.DEFAULTS, FailoverProperties.DEFAULTS,
				WatchdogProperties.DEFAULTS);
	}

	@Test
	void nothingIsBoundWhereNothingIsSet() {
		assertThat(groups("RESILIENTDB_WATCHDOG_AFTER", "3s").read("resilientdb.pool", PoolProperties.DEFAULTS))
			.isSameAs(PoolProperties.DEFAULTS);
	}

	@ParameterizedTest
	@ValueSource(strings = { "RESILIENTDB_POOL_PINGAFTER", "RESILIENTDB_POOL_PING_AFTER", "resilientdb.pool.ping-after",
			"resilientdb.pool.pingAfter" })
	void aPropertyIsFoundHoweverItIsWritten(String name) {
		assertThat(groups(name, "3s").read("resilientdb.pool", PoolProperties.DEFAULTS).pingAfter()).hasSeconds(3);
	}

	@Test
	void aValueOfAGroupIsRefused() {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> groups("resilientdb.pool", "off").read("resilientdb.pool", PoolProperties.DEFAULTS));
	}

	@Test
	void areListedAsBeansThatAreMadeForThoseWhoAsk() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ResilientDbDisconnectAutoConfiguration.class,
					ResilientDbPoolAutoConfiguration.class, ResilientDbRetryAutoConfiguration.class))
			.run((context) -> {
				String retry = "resilientdb.retry-" + RetryProperties.class.getName();
				assertThat(context.getBeanFactory().containsSingleton(retry)).isFalse();
				assertThat(ConfigurationPropertiesBean.getAll(context).values())
					.extracting((bean) -> bean.getAnnotation().prefix())
					.contains("resilientdb", "resilientdb.pool", "resilientdb.commit", "resilientdb.retry",
							"resilientdb.startup", "resilientdb.failover", "resilientdb.watchdog");
				assertThat(context.getBeanFactory().containsSingleton(retry)).isTrue();
			});
	}

	private static PropertyGroups groups(String name, String value) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of(name, value)));
		return PropertyGroups.of(environment);
	}

}
