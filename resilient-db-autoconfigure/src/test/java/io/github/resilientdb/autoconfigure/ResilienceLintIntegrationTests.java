package io.github.resilientdb.autoconfigure;

import javax.sql.DataSource;

import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResilienceLint} that need a server.
 */
@ExtendWith(OutputCaptureExtension.class)
class ResilienceLintIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	@ParameterizedTest
	@CsvSource({ "100000, true", "2, false" })
	void warnsOfAPoolThatIsLargerThanTheServer(int size, boolean warns, CapturedOutput output) {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					ResilientDbDisconnectAutoConfiguration.class, ResilientDbEventsAutoConfiguration.class,
					ResilientDbPoolAutoConfiguration.class))
			.withUserConfiguration(Application.class)
			.withPropertyValues("spring.datasource.url=" + server.jdbcUrl(),
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password(), "spring.datasource.hikari.minimum-idle=1",
					"resilientdb.pool.size=" + size)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.toString().contains("The pool may want 100000 connections and 2 beside it")).isEqualTo(warns);
		assertThat(output.toString().contains("Set resilientdb.pool.size to less")).isEqualTo(warns);
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		InitializingBean user(DataSource dataSource) {
			return () -> new JdbcTemplate(dataSource).execute("select 1");
		}

	}

}
