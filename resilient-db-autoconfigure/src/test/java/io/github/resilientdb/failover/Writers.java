package io.github.resilientdb.failover;

import java.time.Duration;
import java.util.UUID;

import io.github.resilientdb.RetryableTransaction;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.transaction.annotation.Transactional;

/**
 * Three ways to write a row, each in an application of its own.
 */
final class Writers {

	static final Duration DEADLINE = Duration.ofSeconds(60);

	private Writers() {
	}

	static ConfigurableApplicationContext guarded(String url) {
		return start(url, "resilientdb.retry.deadline=" + DEADLINE.toSeconds() + "s",
				"resilientdb.commit.verification=marker", "resilientdb.commit.marker.initialize-schema=always");
	}

	/**
	 * As {@link #guarded}, but start without the database, and take nothing but primaries
	 * from the first connection on.
	 */
	static ConfigurableApplicationContext guardedFromTheFirstConnectionOn(String url) {
		return start(url, "resilientdb.retry.deadline=" + DEADLINE.toSeconds() + "s",
				"resilientdb.commit.verification=marker", "resilientdb.pool.require-primary=always");
	}

	static ConfigurableApplicationContext plain(String url) {
		return start(url, "resilientdb.enabled=false");
	}

	private static ConfigurableApplicationContext start(String url, String... properties) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties(properties)
			.properties("spring.datasource.url=" + url, "spring.datasource.hikari.maximum-pool-size=10",
					"spring.main.banner-mode=off", "logging.level.com.zaxxer.hikari=error",
					"logging.level.org.springframework=off", "spring.main.register-shutdown-hook=false")
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class,
					FlywayAutoConfiguration.class, DataJdbcRepositoriesAutoConfiguration.class })
	static class Application {

		@Bean
		Witness witness() {
			return new Witness();
		}

		@Bean
		Writer writer(JdbcClient jdbc) {
			return new Writer(jdbc);
		}

	}

	/**
	 * Writes a row, and tells which server did.
	 */
	static class Writer {

		private final JdbcClient jdbc;

		private final RetryTemplate retry = RetryTemplate.builder()
			.withTimeout(DEADLINE)
			.exponentialBackoff(50, 2, 2000, true)
			.retryOn(Exception.class)
			.build();

		Writer(JdbcClient jdbc) {
			this.jdbc = jdbc;
		}

		@RetryableTransaction
		String retryably(UUID id) {
			return write(id, "retryable");
		}

		@Transactional
		String plainly(UUID id) {
			return write(id, "plain");
		}

		RetryTemplate retry() {
			return this.retry;
		}

		@Transactional
		String byHand(UUID id) {
			return write(id, "by-hand");
		}

		private String write(UUID id, String who) {
			return this.jdbc.sql("insert into written (id, who) values (?, ?) returning host(inet_server_addr())")
				.params(id, who)
				.query(String.class)
				.single();
		}

	}

}
