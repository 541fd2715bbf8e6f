package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.List;

import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What the properties mean, and what is said of values that can't be.
 */
@ExtendWith(OutputCaptureExtension.class)
class PoolPropertiesTests {

	@Test
	void theDefaultsAreAsDocumented() {
		assertThat(settings("dataSource"))
			.isEqualTo(new PoolSettings(null, null, null, PrePing.ALWAYS, Duration.ofMillis(500), Duration.ofSeconds(1),
					PoolMode.POOLED, ResetOnReturn.ROLLBACK, RequirePrimary.AUTO, true, Duration.ofSeconds(5)));
	}

	@Test
	void aDataSourceMayDifferInSomeSettings() {
		String[] properties = { "resilientdb.pool.size=7", "resilientdb.pool.pre-ping=idle",
				"resilientdb.datasources.orders.pre-ping=off", "resilientdb.datasources.orders.recycle=5s",
				"resilientdb.datasources.orders.reset-on-return=discard-all" };
		PoolSettings orders = settings("orders", properties);
		assertThat(orders.size()).isEqualTo(7);
		assertThat(orders.prePing()).isEqualTo(PrePing.OFF);
		assertThat(orders.recycle()).isEqualTo(Duration.ofSeconds(5));
		assertThat(orders.resetOnReturn()).isEqualTo(ResetOnReturn.DISCARD_ALL);
		assertThat(settings("other", properties).prePing()).isEqualTo(PrePing.IDLE);
	}

	@ParameterizedTest
	@CsvSource({ "ordersDataSource", "orders-data-source", "ordersdatasource" })
	void theNameOfABeanMayBeWrittenInAnyWay(String written) {
		assertThat(settings("ordersDataSource", "resilientdb.datasources." + written + ".size=3").size()).isEqualTo(3);
	}

	@Test
	void aDataSourceMayBeExcluded() {
		assertThat(reader("resilientdb.datasources.orders.enabled=false").settings("orders")).isEmpty();
		assertThat(reader("resilientdb.datasources.orders.enabled=false").settings("other")).isPresent();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			resilientdb.pool.size,                        0,     Must be positive
			resilientdb.pool.timeout,                     249ms, Must be a duration of at least 250ms
			resilientdb.pool.recycle,                     999ms, Must be a duration of at least 1s
			resilientdb.pool.ping-after,                  -1ms,  Must be a duration of at least 0s
			resilientdb.pool.ping-timeout,                9ms,   Must be a duration of at least 10ms
			resilientdb.pool.pre-ping,                    maybe, 'Write one of: always, idle, off'
			resilientdb.pool.mode,                        some,  'Write one of: pooled, none'
			resilientdb.datasources.dataSource.timeout,   1ms,   Must be a duration of at least 250ms
			""")
	void aValueThatCannotBeIsReportedWithItsOriginAndTheRule(String name, String value, String rule,
			CapturedOutput output) {
		SpringApplication application = new SpringApplication(TestConfiguration.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException().isThrownBy(() -> application
			.run("--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/x", "--" + name + "=" + value)
			.close());
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(value)
			.contains("\"" + name + "\" from property source \"commandLineArgs\"")
			.contains(rule);
	}

	private static PoolSettings settings(String beanName, String... properties) {
		return reader(properties).settings(beanName).orElseThrow();
	}

	private static PoolPropertiesReader reader(String... properties) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource();
		for (String property : properties) {
			String[] pair = property.split("=");
			source.put(pair[0], pair[1]);
		}
		return new PoolPropertiesReader(new PropertyGroups(List.of(source), new Binder(source)));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, ResilientDbDisconnectAutoConfiguration.class,
			ResilientDbPoolAutoConfiguration.class })
	static class TestConfiguration {

	}

}
