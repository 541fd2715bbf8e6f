package io.github.resilientdb.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.RetryableTransaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests what a user sees who misconfigures: which property or method, where it comes
 * from, and what to write instead; or a warning, where something else than that stops
 * working.
 */
@ExtendWith(OutputCaptureExtension.class)
class MisconfigurationTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
	// @formatter:off
			"resilientdb.pool.size | 0 | positive",
			"resilientdb.pool.size | -1 | positive",
			"resilientdb.pool.size | ten | Write a whole number",
			"resilientdb.pool.size | ${NOPE} | resolves the placeholder '${NOPE}'",
			"resilientdb.pool.timeout | 249ms | at least 250ms, such as 10s",
			"resilientdb.pool.timeout | soon | such as 500ms, 10s or 2m",
			"resilientdb.pool.recycle | 999ms | at least 1s, such as 30m",
			"resilientdb.pool.recycle | 10x | such as 500ms, 10s or 2m",
			"resilientdb.pool.pre-ping | sometimes | Write one of: always, idle, off",
			"resilientdb.pool.ping-after | -1s | at least 0s",
			"resilientdb.pool.ping-timeout | 9ms | at least 10ms, such as 1s",
			"resilientdb.pool.mode | lake | Write one of: pooled, none",
			"resilientdb.pool.reset-on-return | reboot | Write one of: rollback, discard-all",
			"resilientdb.retry.max-attempts | 0 | positive",
			"resilientdb.enabled | maybe | Write true or false",
			"resilientdb.retry.max-attempts | many | Write a whole number",
			"resilientdb.retry.max-attempts | 99999999999 | at most 2147483647",
			"resilientdb.retry.budget.ratio | half | such as 0.5",
			"resilientdb.retry.deadline | 0s | positive",
			"resilientdb.retry.deadline | soon | such as 500ms, 10s or 2m",
			"resilientdb.retry.deadline | 10 | did you mean 10s?",
			"resilientdb.retry.backoff.max | 2 | did you mean 2s?",
			"resilientdb.pool.ping-timeout | 1000 | did you mean 1000s?",
			"resilientdb.commit.timeout | 10 | did you mean 10s?",
			"resilientdb.startup.wait-for-database | 30 | did you mean 30s?",
			"resilientdb.datasources.datasource.timeout | 5 | did you mean 5s?",
			"resilientdb.retry.backoff.initial | 0s | positive",
			"resilientdb.retry.backoff.multiplier | 0.9 | from 1 to 1000",
			"resilientdb.retry.backoff.max | 1ms | not be less than 'resilientdb.retry.backoff.initial' (50ms)",
			"resilientdb.retry.backoff.initial | 5s | not be more than 'resilientdb.retry.backoff.max' (2s)",
			"resilientdb.retry.reasons | boredom | Write one of: disconnect, serialization-failure, deadlock",
			"resilientdb.retry.methods | save | such as com.example.OwnerRepository.save",
			"resilientdb.retry.methods | com.example.Orders#place | is not a name",
			"resilientdb.retry.budget.ratio | -1 | from 0 to 1000",
			"resilientdb.retry.budget.burst | -1 | not be negative",
			"resilientdb.commit.verification | hope | Write one of: auto, marker, xid, none",
			"resilientdb.commit.scope | some | Write one of: retryable, all",
			"resilientdb.commit.timeout | 0s | positive",
			"resilientdb.commit.timeout | 11m | at most 10m",
			"resilientdb.commit.fence | maybe | Write true or false",
			"resilientdb.commit.marker.table | ' ' | name of a table",
			"resilientdb.commit.marker.schema | ' ' | name of a schema",
			"resilientdb.startup.wait-for-database | -1s | at most 1d",
			"resilientdb.startup.wait-for-database | 25h | at most 1d",
			"resilientdb.startup.wait-for-database | forever | such as 500ms, 10s or 2m",
			"resilientdb.datasources.datasource.size | 0 | positive",
			"resilientdb.datasources.datasource.recycle | 1ms | at least 1s",
			"resilientdb.datasources.datasource.pre-ping | never | Write one of: always, idle, off",
			"spring.transaction.rollback-on-commit-failure | true | Remove it"
	// @formatter:on
	})
	void explainsAnInvalidValue(String property, String value, String rule, CapturedOutput output) {
		fail(property + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Description:")
			.contains("'" + property + "'")
			.contains("\"%s\" from property source \"commandLineArgs\"".formatted(property))
			.containsIgnoringCase(rule)
			.contains("Action:");
		assertThat(action(output)).isNotBlank();
	}

	@Test
	void explainsAnInvalidValueOfOneDataSource(CapturedOutput output) {
		fail("resilientdb.datasources.dataSource.size=0");
		assertThat(output)
			.contains("Invalid value '0' for configuration property 'resilientdb.datasources.datasource.size'")
			.contains("\"resilientdb.datasources.dataSource.size\" from property source \"commandLineArgs\"");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
	// @formatter:off
			"resilientdb | false | resilientdb.enabled: false?",
			"resilientdb.watchdog | false | resilientdb.watchdog.enabled: false?",
			"resilientdb.failover | false | resilientdb.failover.enabled: false?",
			"resilientdb.pool | 10 | resilientdb.pool.size",
			"resilientdb.retry.backoff | 100ms | resilientdb.retry.backoff.initial, resilientdb.retry.backoff.max",
			"resilientdb.commit.marker | outcomes | resilientdb.commit.marker.table",
			"resilientdb.datasources.datasource | 3 | resilientdb.datasources.datasource.size",
			"resilientdb.datasources.datasource | false | resilientdb.datasources.datasource.enabled: false?",
			"resilientdb.datasources | 3 | resilientdb.datasources.<bean>.size"
	// @formatter:on
	})
	void explainsAValueOfAGroup(String property, String value, String instead, CapturedOutput output) {
		fail(property + "=" + value);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Invalid value '%s' for configuration property '%s'".formatted(value, property))
			.contains("\"%s\" from property source \"commandLineArgs\"".formatted(property))
			.contains(property + " is a group of properties");
		assertThat(action(output)).contains(instead);
	}

	@Test
	void explainsAnUnavailableVerification(CapturedOutput output) {
		fail("resilientdb.commit.verification=marker");
		assertThat(output).contains("Property: resilientdb.commit.verification")
			.contains("Value: marker")
			.contains("Origin: \"resilientdb.commit.verification\" from property source \"commandLineArgs\"");
		assertThat(action(output)).contains("Or set resilientdb.commit.verification to 'auto'");
	}

	@Test
	void explainsAnInvalidMethod(CapturedOutput output) {
		List<String> arguments = List.of();
		assertThatException().isThrownBy(() -> run(arguments, Application.class, BothAnnotations.class));
		assertThat(output).contains("APPLICATION FAILED TO START").contains("@Transactional is beside it");
		assertThat(action(output)).contains("Remove @Transactional");
	}

	@Test
	void explainsAnInvalidDeadlineOfAnAnnotation(CapturedOutput output) {
		List<String> arguments = List.of();
		assertThatException().isThrownBy(() -> run(arguments, Application.class, InvalidDeadline.class));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("@RetryableTransaction on '")
			.contains("InvalidDeadline.work")
			.contains("deadline (\"soon\") is not a duration");
		assertThat(action(output)).isNotBlank();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
	// @formatter:off
			"resilientdb.retry.deadline=500ms | Set resilientdb.retry.deadline to several times the ping-timeout",
			"resilientdb.retry.max-attempts=1 | Set resilientdb.retry.max-attempts to 2 or more",
			"spring.datasource.hikari.validation-timeout=30000 | Set spring.datasource.hikari.validation-timeout (in ms, 250 at least) to less than that",
			"spring.datasource.hikari.keepalive-time=10000 | Set spring.datasource.hikari.keepalive-time to 30000 (ms) or more, and to less than spring.datasource.hikari.max-lifetime",
			"spring.datasource.hikari.keepalive-time=1860000 | Set spring.datasource.hikari.keepalive-time to 30000 (ms) or more",
			"resilientdb.pool.timeout=20s | Remove resilientdb.pool.timeout, or set it to the deadline at most",
			"spring.datasource.hikari.connection-timeout=20000 | Remove spring.datasource.hikari.connection-timeout, or set it to the deadline at most",
			"spring.datasource.hikari.minimum-idle=20,resilientdb.pool.size=5 | Remove spring.datasource.hikari.minimum-idle, or set resilientdb.pool.size to more",
			"spring.datasource.hikari.minimum-idle=20,spring.datasource.hikari.maximum-pool-size=5 | Remove spring.datasource.hikari.minimum-idle, or set spring.datasource.hikari.maximum-pool-size to more",
			"resilientdb.datasources.ordres.size=5 | The properties under 'resilientdb.datasources.ordres' have no effect: there is no such DataSource bean, only [dataSource]",
			"resilientdb.pool.recicle=30m | Unknown property 'resilientdb.pool.recicle' (from \"resilientdb.pool.recicle\" from property source \"commandLineArgs\") has no effect; did you mean 'resilientdb.pool.recycle'?"
	// @formatter:on
	})
	void warnsOfWhatDefeatsThePurpose(String arguments, String action, CapturedOutput output) {
		run(List.of(arguments.split(",")), Application.class).close();
		assertThat(output.toString().lines()).filteredOn((line) -> line.contains("WARN") && line.contains(action))
			.hasSize(1);
	}

	@Test
	void saysWhichOfTwoSizesHolds(CapturedOutput output) {
		run(List.of("resilientdb.pool.size=20", "spring.datasource.hikari.maximum-pool-size=5"), Application.class)
			.close();
		assertThat(output).containsOnlyOnce("DataSource 'dataSource': resilientdb's size (20) replaces the "
				+ "maximum-pool-size (5) that HikariCP was configured with; remove one of them");
		assertThat(output.toString().lines()).noneMatch(MisconfigurationTests::isWarning);
	}

	@Test
	void warnsOfASocketFactory(CapturedOutput output) {
		run(List.of(
				"spring.datasource.url=jdbc:postgresql://localhost/none?socketFactory=javax.net.DefaultSocketFactory",
				"spring.datasource.username=none"), Application.class)
			.close();
		assertThat(output.toString().lines())
			.filteredOn((line) -> line.contains("WARN") && line.contains("ResilienceLint"))
			.singleElement()
			.asString()
			.contains("a socketFactory is configured", "set resilientdb.pool.pre-ping to idle");
	}

	@ParameterizedTest
	@ValueSource(strings = { "resilientdb.pool.timeout=300ms", "resilientdb.pool.timeout=10s",
			"resilientdb.retry.deadline=2s", "resilientdb.pool.size=5", "resilientdb.pool.recycle=20s" })
	void warnsOfNothingThatFollowsFromASetting(String argument, CapturedOutput output) {
		run(List.of(argument), Application.class).close();
		assertThat(output.toString().lines()).noneMatch(MisconfigurationTests::isWarning);
	}

	@Test
	void saysNothingOfTheDefaults(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(List.of(), Application.class)) {
			ConnectionCallback<Boolean> valid = (connection) -> connection.isValid(1);
			assertThat(new JdbcTemplate(context.getBean(javax.sql.DataSource.class)).execute(valid)).isTrue();
		}
		assertThat(output.toString().lines()).noneMatch(MisconfigurationTests::isWarning);
	}

	// Which server the tests use may be said with -D, which the application reports
	private static boolean isWarning(String line) {
		return line.contains("WARN") && !line.contains("'resilientdb.test.");
	}

	private static void fail(String argument) {
		assertThatException().isThrownBy(() -> run(List.of(argument), Application.class));
	}

	private static ConfigurableApplicationContext run(List<String> arguments, Class<?>... sources) {
		SpringApplication application = new SpringApplication(sources);
		application.setWebApplicationType(WebApplicationType.NONE);
		List<String> all = new ArrayList<>(
				List.of("--spring.main.banner-mode=off", "--spring.datasource.generate-unique-name=true"));
		arguments.forEach((argument) -> all.add("--" + argument));
		return application.run(all.toArray(String[]::new));
	}

	private static String action(CapturedOutput output) {
		String all = output.toString();
		return all.substring(all.indexOf("Action:") + "Action:".length());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, DataSourceAutoConfiguration.class,
			DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
			ResilientDbDisconnectAutoConfiguration.class, ResilientDbEventsAutoConfiguration.class,
			ResilientDbPoolAutoConfiguration.class, ResilientDbRetryAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@Import(BothAnnotations.Bean.class)
	static class BothAnnotations {

		static class Bean {

			@RetryableTransaction
			@Transactional
			public void work() {
			}

		}

	}

	static class InvalidDeadline {

		@RetryableTransaction(deadline = "soon")
		void work() {
		}

	}

}
