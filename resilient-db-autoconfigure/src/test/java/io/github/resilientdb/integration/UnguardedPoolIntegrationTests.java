package io.github.resilientdb.integration;

import java.sql.SQLException;
import java.util.function.Predicate;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.PostgresServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for a pool that is not guarded, whose connections are closed when they are lost:
 * the rollback fails with nothing but that.
 */
class UnguardedPoolIntegrationTests {

	private static RerunDatabase database;

	private static ConfigurableApplicationContext context;

	@BeforeAll
	static void start() {
		database = new RerunDatabase();
		context = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(database.properties())
			.properties("resilientdb.retry.max-attempts=1")
			.run();
	}

	@AfterAll
	static void stop() {
		context.close();
		database.close();
	}

	@AfterEach
	void disarm() {
		database.disarm();
	}

	@Test
	void aLostCommitIsInTheChain() {
		database.proxy().arm(Fault.DROP_RESPONSE);
		assertThatExceptionOfType(TransactionOutcomeUnknownException.class)
			.isThrownBy(UnguardedPoolIntegrationTests::write)
			.satisfies((ex) -> assertThat(sqlState(ex)).startsWith("08"));
	}

	@Test
	void aLostStatementIsInTheChain() {
		database.proxy().arm(Fault.END_SESSION, (sql) -> sql.startsWith("insert"));
		assertThatException().isThrownBy(UnguardedPoolIntegrationTests::write)
			.satisfies((ex) -> assertThat(sqlState(ex)).isEqualTo("57P01"));
	}

	private static void write() {
		context.getBean(RetryableTransactionTemplate.class)
			.executeWithoutResult(
					(status) -> context.getBean(JdbcTemplate.class).update("insert into note (text) values ('lost')"));
	}

	private static @Nullable String sqlState(Throwable thrown) {
		Predicate<Throwable> telling = (cause) -> cause instanceof SQLException failure && failure.getSQLState() != null
				&& !failure.getSQLState().equals("08003");
		Throwable candidate = thrown;
		while (candidate != null && !telling.test(candidate)) {
			candidate = candidate.getCause();
		}
		return (candidate != null) ? ((SQLException) candidate).getSQLState() : null;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	static class Application {

		@Bean
		HikariDataSource dataSource() throws SQLException {
			HikariDataSource dataSource = new HikariDataSource();
			dataSource.setJdbcUrl(database.url());
			dataSource.setUsername(PostgresServer.shared().username());
			dataSource.setPassword(PostgresServer.shared().password());
			dataSource.setMaximumPoolSize(2);
			dataSource.getConnection().close();
			return dataSource;
		}

	}

}
