package io.github.resilientdb.integration;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.function.Predicate;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Statements;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an HTTP client sees of a connection to PostgreSQL that is lost, in an application
 * that handles no exception: a success only where the row is there.
 */
@SpringBootTest(classes = LostConnectionHttpIntegrationTests.Application.class,
		webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.jpa.hibernate.ddl-auto=create", "resilientdb.retry.deadline=30s" })
class LostConnectionHttpIntegrationTests {

	private static @Nullable RerunDatabase database;

	private final HttpClient client = HttpClient.newHttpClient();

	@Autowired
	private OrderRepository orders;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		if (database == null) { // asked once for each of the nested classes, too
			database = new RerunDatabase();
		}
		database.register(properties);
	}

	@AfterAll
	static void closeDatabase() {
		database.close();
		database = null;
	}

	@AfterEach
	void disarm() {
		database.disarm();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			save,      statement, DROP_REQUEST,  500, 0
			save,      commit,    DROP_REQUEST,  500, 0
			save,      commit,    DROP_RESPONSE, 500, 1
			save,      commit,    RESET_AFTER,   500, 1
			retryable, statement, DROP_REQUEST,  500, 0
			retryable, commit,    DROP_REQUEST,  500, 0
			retryable, commit,    DROP_RESPONSE, 200, 1
			retryable, commit,    RESET_AFTER,   200, 1
			""")
	void onlyWhatIsThereIsASuccess(String path, String place, Fault.Kind kind, int status, int rows) throws Exception {
		verify(path, place, kind, status, rows);
	}

	private void verify(String path, String place, Fault.Kind kind, int status, int rows) throws Exception {
		UUID text = UUID.randomUUID();
		Predicate<String> statement = place.equals("commit") ? Statements.commit()
				: Statements.containing("insert into placed_order");
		database.proxy().arm(fault(kind), statement);
		URI uri = URI.create("http://localhost:%d/%s?text=%s".formatted(this.port, path, text));
		HttpResponse<String> response = this.client.send(HttpRequest.newBuilder(uri).build(),
				HttpResponse.BodyHandlers.ofString());
		database.disarm();
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(this.orders.countByText(text)).isEqualTo(rows);
	}

	private static Fault fault(Fault.Kind kind) {
		return switch (kind) {
			case DROP_REQUEST -> Fault.DROP_REQUEST;
			case DROP_RESPONSE -> Fault.DROP_RESPONSE;
			case RESET_AFTER -> Fault.RESET_AFTER;
			default -> throw new IllegalArgumentException(kind.name());
		};
	}

	@Nested
	@TestPropertySource(properties = "resilientdb.pool.mode=none")
	class WithoutPoolingTests {

		@Autowired
		private OrderRepository orders;

		@LocalServerPort
		private int port;

		@ParameterizedTest
		@CsvSource({ "statement, DROP_REQUEST, 0", "commit, DROP_REQUEST, 0", "commit, DROP_RESPONSE, 1" })
		void aLostConnectionIsAServerError(String place, Fault.Kind kind, int rows) throws Exception {
			LostConnectionHttpIntegrationTests.this.orders = this.orders;
			LostConnectionHttpIntegrationTests.this.port = this.port;
			verify("save", place, kind, 500, rows);
		}

	}

	@RestController
	static class OrderController {

		private final OrderRepository orders;

		private final OrderService service;

		OrderController(OrderRepository orders, OrderService service) {
			this.orders = orders;
			this.service = service;
		}

		@GetMapping("/save")
		String save(UUID text) {
			this.orders.save(new PlacedOrder(text));
			return "saved";
		}

		@GetMapping("/retryable")
		String retryable(UUID text) {
			this.service.place(text);
			return "saved";
		}

	}

	static class OrderService {

		private final OrderRepository orders;

		OrderService(OrderRepository orders) {
			this.orders = orders;
		}

		@RetryableTransaction(maxAttempts = 1)
		public void place(UUID text) {
			this.orders.save(new PlacedOrder(text));
		}

	}

	interface OrderRepository extends JpaRepository<PlacedOrder, Long> {

		long countByText(UUID text);

	}

	@Entity(name = "PlacedOrder")
	static class PlacedOrder {

		@Id
		@GeneratedValue
		@Nullable Long id;

		@Nullable UUID text;

		PlacedOrder() {
		}

		PlacedOrder(UUID text) {
			this.text = text;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = PlacedOrder.class)
	@EnableJpaRepositories(basePackageClasses = PlacedOrder.class, considerNestedRepositories = true)
	@Import({ OrderService.class, OrderController.class })
	static class Application {

	}

}
