package io.github.resilientdb.autoconfigure;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that what is wrong in the configuration is told before a database is asked for,
 * be that down, and be what is wrong about another {@code DataSource}.
 */
@ExtendWith(OutputCaptureExtension.class)
class EarlyValidationTests {

	private ServerSocket database;

	@BeforeEach
	void listen() throws Exception {
		this.database = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
	}

	@AfterEach
	void close() throws Exception {
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "resilientdb.retry.deadline=0s", "resilientdb.retry.max-attempts=0",
			"resilientdb.retry.backoff.initial=5s", "resilientdb.retry.budget.ratio=-1",
			"resilientdb.retry.methods=save", "resilientdb.retry.jta=perhaps", "resilientdb.commit.timeout=11m",
			"resilientdb.commit.marker.table= ", "resilientdb.commit.marker.initialize-schema=sometimes",
			"resilientdb.commit.verification=hope", "resilientdb.watchdog.after=1ms",
			"resilientdb.watchdog.enabled=perhaps", "resilientdb.failover.enabled=perhaps", "resilientdb.pool.size=0",
			"resilientdb.datasources.second.size=0", "resilientdb.datasources.second.timeout=5",
			"resilientdb.datasources.second.mode=lake" })
	void aWrongValueComesBeforeAnyDatabase(String property, CapturedOutput output) throws Exception {
		assertThatException().isThrownBy(() -> run(property));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("configuration property '" + property.substring(0, property.indexOf('=')) + "'")
			.doesNotContain("is guarded")
			.doesNotContain("Waiting for the database");
		assertNobodyConnected();
	}

	private void assertNobodyConnected() throws Exception {
		this.database.setSoTimeout(1);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(this.database::accept);
	}

	private void run(String property) {
		SpringApplication application = new SpringApplication(TwoDatabases.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application
			.run(List.of("--url=jdbc:postgresql://127.0.0.1:%d/bank".formatted(this.database.getLocalPort()),
					"--resilientdb.startup.wait-for-database=2s", "--" + property)
				.toArray(String[]::new))
			.close();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, DataSourceAutoConfiguration.class,
			ResilientDbDisconnectAutoConfiguration.class, ResilientDbPoolAutoConfiguration.class,
			ResilientDbRetryAutoConfiguration.class })
	static class TwoDatabases {

		@Bean
		@Primary
		DataSource first(@Value("${url}") String url) {
			return pool(url);
		}

		@Bean
		DataSource second(@Value("${url}") String url) {
			return pool(url);
		}

		private static HikariDataSource pool(String url) {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(url);
			return pool;
		}

	}

}
