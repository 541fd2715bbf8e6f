package com.example.webflux;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.example.webflux.FailingDatabase.Loss;
import com.example.webflux.FailingDatabase.Point;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.http.MediaType;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.reactive.config.BlockingExecutionConfigurer;
import org.springframework.web.reactive.config.WebFluxConfigurer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for what an HTTP client sees of a lost connection in a WebFlux application that
 * handles no exception. WebFlux sets the status 500 whatever failed, but to what it takes
 * for a client that went away it adds nothing: no body, and to a response that has begun,
 * no sign that it is not all.
 */
@SpringBootTest(classes = WebFluxLostConnectionTests.Application.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.main.web-application-type=reactive", "resilientdb.retry.max-attempts=2",
				"resilientdb.retry.deadline=60s", "resilientdb.retry.backoff.initial=1ms",
				"logging.level.org.springframework.boot.webflux=off", "logging.level.reactor.netty=off",
				"logging.level.web=off" })
class WebFluxLostConnectionTests {

	private static final FailingDatabase DATABASE = new FailingDatabase();

	private final HttpClient client = HttpClient.newHttpClient();

	@LocalServerPort
	private int port;

	@BeforeEach
	void awaitSuccess() {
		DATABASE.disarm();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> get("blocking", "jdbc").statusCode() == 200);
	}

	static Stream<Arguments> transactions() {
		return Stream.of("jpa", "jdbc", "jpa-retryable", "jdbc-retryable")
			.flatMap((transaction) -> Stream.of(Point.values()).map((point) -> Arguments.of(transaction, point)));
	}

	@ParameterizedTest
	@MethodSource("transactions")
	void aLostConnectionIsAServerError(String transaction, Point point) throws Exception {
		for (Loss loss : Loss.values()) {
			for (String execution : new String[] { "blocking", "elastic" }) {
				DATABASE.arm(point, loss);
				HttpResponse<String> response = get(execution, transaction);
				assertThat(DATABASE.fired()).isTrue();
				assertThat(response.statusCode()).as("%s, %s", loss, execution).isEqualTo(500);
				assertThat(response.body()).as("%s, %s", loss, execution).contains("\"status\":500");
			}
			DATABASE.arm(point, loss);
			assertThatIOException().as("%s", loss).isThrownBy(() -> get("stream", transaction));
			assertThat(DATABASE.fired()).isTrue();
		}
	}

	@Test
	void otherLostConnectionsAreTakenForTheClients() throws Exception {
		assertThat(get("blocking", "other").body()).isEmpty();
		assertThat(get("elastic", "other").body()).isEmpty();
		assertThat(get("stream", "other").statusCode()).isEqualTo(200);
	}

	private HttpResponse<String> get(String execution, String transaction) throws IOException, InterruptedException {
		URI uri = URI.create("http://localhost:%d/%s/%s".formatted(this.port, execution, transaction));
		return this.client.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).build(),
				HttpResponse.BodyHandlers.ofString());
	}

	@RestController
	static class EntryController {

		private final Entries entries;

		EntryController(Entries entries) {
			this.entries = entries;
		}

		@GetMapping("/blocking/{transaction}")
		String blocking(@PathVariable String transaction) throws SQLException {
			return write(transaction);
		}

		@GetMapping("/elastic/{transaction}")
		Mono<String> elastic(@PathVariable String transaction) {
			return Mono.fromCallable(() -> write(transaction)).subscribeOn(Schedulers.boundedElastic());
		}

		@GetMapping(path = "/stream/{transaction}", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		Flux<String> stream(@PathVariable String transaction) {
			return Flux.concat(Mono.just("begun"), elastic(transaction));
		}

		private String write(String transaction) throws SQLException {
			Assert.state(!Schedulers.isInNonBlockingThread(), "Must be able to block");
			switch (transaction) {
				case "jpa" -> this.entries.jpa();
				case "jdbc" -> this.entries.jdbc();
				case "jpa-retryable" -> this.entries.jpaRetryable();
				case "jdbc-retryable" -> this.entries.jdbcRetryable();
				case "other" -> throw new IllegalStateException(new EOFException());
				default -> throw new IllegalArgumentException(transaction);
			}
			return "written";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Entries.class, EntryController.class })
	static class Application implements WebFluxConfigurer {

		@Override
		public void configureBlockingExecution(BlockingExecutionConfigurer configurer) {
			configurer.setExecutor(new SimpleAsyncTaskExecutor());
		}

		@Bean
		HikariDataSource dataSource() {
			HikariDataSource dataSource = new HikariDataSource();
			dataSource.setDataSource(DATABASE);
			return dataSource;
		}

		@Bean
		LocalContainerEntityManagerFactoryBean entityManagerFactory(DataSource dataSource) {
			HibernateJpaVendorAdapter hibernate = new HibernateJpaVendorAdapter();
			hibernate.setGenerateDdl(true);
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(hibernate);
			factory.setManagedTypes(PersistenceManagedTypes.of(Entries.Entry.class.getName()));
			return factory;
		}

		@Bean
		@Primary
		PlatformTransactionManager transactionManager(EntityManagerFactory entityManagerFactory) {
			return new JpaTransactionManager(entityManagerFactory);
		}

		@Bean
		PlatformTransactionManager jdbcTransactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

}
