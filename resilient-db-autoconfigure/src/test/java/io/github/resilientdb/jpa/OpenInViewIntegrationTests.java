package io.github.resilientdb.jpa;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.jpa.Entities.Order;
import io.github.resilientdb.jpa.Entities.OrderRepository;
import io.github.resilientdb.testsupport.PostgresServer;
import jakarta.persistence.EntityManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for HTTP requests under open-in-view whose connection is lost.
 */
class OpenInViewIntegrationTests {

	// the common pool may have one thread only, which others may keep busy
	private static final Executor NEW_THREAD = (task) -> new Thread(task).start();

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private static ConfigurableApplicationContext context;

	private final HttpClient client = HttpClient.newHttpClient();

	private long id;

	@BeforeAll
	static void start() {
		context = new SpringApplicationBuilder(Application.class).run("--server.port=0",
				"--spring.datasource.url=" + server.jdbcUrl(database),
				"--spring.datasource.username=" + server.username(),
				"--spring.datasource.password=" + server.password(), "--spring.jpa.hibernate.ddl-auto=create",
				"--spring.datasource.hikari.maximum-pool-size=2", "--spring.main.banner-mode=off",
				"--spring.jpa.open-in-view=true");
	}

	@AfterAll
	static void stop() {
		context.close();
		server.dropDatabase(database);
	}

	@BeforeEach
	@SuppressWarnings("NullAway")
	void store() {
		this.id = context.getBean(OrderRepository.class).save(new Order().addLine("line")).id;
	}

	@AfterEach
	void nothingIsLeftBehind() {
		HikariDataSource pool = context.getBean(HikariDataSource.class);
		Awaitility.await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "plain", "commit", "callable", "deferred", "emitter" })
	void succeed(String path) throws Exception {
		assertThat(get(path)).contains("DONE", "line");
		assertThat(context.getBean(OrderRepository.class).findById(this.id)).get()
			.extracting((order) -> order.version)
			.isEqualTo(1);
	}

	@Test
	void goOnAfterATransactionThatIsNotRerun() throws Exception {
		assertThat(get("failing")).contains("NEW", "line");
	}

	private String get(String path) throws IOException, InterruptedException {
		URI uri = URI.create("http://localhost:" + context.getEnvironment().getProperty("local.server.port") + "/"
				+ path + "/" + this.id);
		HttpResponse<String> response = this.client.send(HttpRequest.newBuilder(uri).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		return response.body();
	}

	@RestController
	static class OrderController {

		private final OrderRepository orders;

		private final EntityManager entityManager;

		private final TransactionTemplate transaction;

		private final ObjectProvider<Reruns> reruns;

		OrderController(OrderRepository orders, EntityManager entityManager, PlatformTransactionManager manager,
				ObjectProvider<Reruns> reruns) {
			this.orders = orders;
			this.entityManager = entityManager;
			this.transaction = new TransactionTemplate(manager);
			this.reruns = reruns;
		}

		@GetMapping("/plain/{id}")
		OrderView plain(@PathVariable long id) {
			this.orders.findById(id);
			Order order = complete(id, true);
			this.transaction.executeWithoutResult((status) -> this.orders.count());
			return new OrderView(order);
		}

		@GetMapping("/commit/{id}")
		OrderView commit(@PathVariable long id) {
			return new OrderView(complete(id, false));
		}

		@GetMapping("/callable/{id}")
		Callable<OrderView> callable(@PathVariable long id) {
			Order before = complete(id, true);
			return () -> {
				assertThat(this.entityManager.contains(before)).isTrue();
				killConnection();
				return new OrderView(this.reruns.getObject().call((entityManager) -> {
					this.orders.count();
					return find(id);
				}));
			};
		}

		@GetMapping("/deferred/{id}")
		DeferredResult<OrderView> deferred(@PathVariable long id) {
			DeferredResult<OrderView> result = new DeferredResult<>();
			OrderView view = new OrderView(complete(id, true));
			CompletableFuture.runAsync(() -> result.setResult(view), NEW_THREAD);
			return result;
		}

		@GetMapping("/emitter/{id}")
		SseEmitter emitter(@PathVariable long id) {
			SseEmitter emitter = new SseEmitter();
			OrderView view = new OrderView(complete(id, true));
			CompletableFuture.runAsync(() -> {
				try {
					emitter.send(view.status() + view.lines());
					emitter.complete();
				}
				catch (IOException ex) {
					emitter.completeWithError(ex);
				}
			}, NEW_THREAD);
			return emitter;
		}

		@GetMapping("/failing/{id}")
		OrderView failing(@PathVariable long id) {
			try {
				this.transaction.executeWithoutResult((status) -> {
					killConnection();
					this.orders.count();
				});
			}
			catch (RuntimeException ex) {
				return new OrderView(find(id));
			}
			throw new IllegalStateException("The connection was not lost");
		}

		private Order complete(long id, boolean useAfterwards) {
			Reruns reruns = this.reruns.getObject();
			return reruns.call((entityManager) -> {
				Order order = find(id);
				assertThat(order.status).isEqualTo("NEW");
				order.status = "DONE";
				if (reruns.isFirst()) {
					killConnection();
				}
				if (useAfterwards) {
					this.orders.count();
				}
				return order;
			});
		}

		private Order find(long id) {
			return this.orders.findById(id).orElseThrow();
		}

		private void killConnection() {
			server.terminateBackend(
					(Integer) this.entityManager.createNativeQuery("select pg_backend_pid()", Integer.class)
						.getSingleResult());
		}

	}

	/**
	 * Loads the lines when it is rendered.
	 */
	static final class OrderView {

		private final Order order;

		OrderView(Order order) {
			this.order = order;
		}

		@JsonProperty
		String status() {
			return this.order.status;
		}

		@JsonProperty
		List<String> lines() {
			return this.order.lines.stream().map((line) -> String.valueOf(line.product)).toList();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Entities.class)
	@EnableJpaRepositories(basePackageClasses = Entities.class, considerNestedRepositories = true)
	@Import(OrderController.class)
	static class Application {

		@Bean
		@Scope("prototype")
		Reruns reruns(PersistenceAttemptListener listener, PlatformTransactionManager transactionManager,
				EntityManager entityManager) {
			return new Reruns(listener, new TransactionTemplate(transactionManager), entityManager);
		}

	}

}
