package io.github.resilientdb.integration;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Statements;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
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
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Requests under open-in-view, Spring Boot's default, whose connection is lost in a
 * retryable method.
 */
@SpringBootTest(classes = RerunWebIntegrationTests.Application.class, webEnvironment = WebEnvironment.RANDOM_PORT)
class RerunWebIntegrationTests {

	// the common pool may have one thread only, which others may keep busy
	private static final Executor NEW_THREAD = (task) -> new Thread(task).start();

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	private final HttpClient client = HttpClient.newHttpClient();

	@Autowired
	private TicketRepository tickets;

	@Autowired
	private Scenario scenario;

	@LocalServerPort
	private int port;

	private long id;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@BeforeEach
	@SuppressWarnings("NullAway")
	void store() {
		this.scenario.reset();
		this.id = this.tickets.save(new Ticket()).id;
	}

	@ParameterizedTest
	@CsvSource({ "view, true", "view, false", "callable, true", "callable, false", "deferred, true", "deferred, false",
			"emitter, true", "emitter, false" })
	void succeed(String path, boolean atCommit) throws Exception {
		if (atCommit) {
			// The first one ends the read before the call
			database.proxy().arm(Fault.DROP_REQUEST, Statements.commit(), 2);
		}
		assertThat(get(path + "/" + !atCommit)).contains("DONE", "line");
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.tickets.findById(this.id)).get().extracting((ticket) -> ticket.version).isEqualTo(1);
		assertThat(this.scenario.entries()).containsExactly("after", "call");
	}

	private String get(String path) throws IOException, InterruptedException {
		URI uri = URI.create("http://localhost:" + this.port + "/" + path + "/" + this.id);
		HttpResponse<String> response = this.client.send(HttpRequest.newBuilder(uri).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		return response.body();
	}

	@RestController
	static class TicketController {

		private final TicketRepository tickets;

		private final Transactions transactions;

		private final Scenario scenario;

		TicketController(TicketRepository tickets, Transactions transactions, Scenario scenario) {
			this.tickets = tickets;
			this.transactions = transactions;
			this.scenario = scenario;
		}

		@GetMapping("/view/{disconnect}/{id}")
		View view(@PathVariable boolean disconnect, @PathVariable long id) throws Exception {
			return complete(disconnect, id);
		}

		@GetMapping("/callable/{disconnect}/{id}")
		Callable<View> callable(@PathVariable boolean disconnect, @PathVariable long id) {
			return () -> complete(disconnect, id);
		}

		@GetMapping("/deferred/{disconnect}/{id}")
		DeferredResult<View> deferred(@PathVariable boolean disconnect, @PathVariable long id) throws Exception {
			DeferredResult<View> result = new DeferredResult<>();
			View view = complete(disconnect, id);
			CompletableFuture.runAsync(() -> result.setResult(view), NEW_THREAD);
			return result;
		}

		@GetMapping("/emitter/{disconnect}/{id}")
		SseEmitter emitter(@PathVariable boolean disconnect, @PathVariable long id) throws Exception {
			SseEmitter emitter = new SseEmitter();
			View view = complete(disconnect, id);
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

		// Loads before, changes within, and writes after the method that is rerun
		private View complete(boolean disconnect, long id) throws Exception {
			this.tickets.findById(id);
			Ticket completed = this.transactions.call(() -> {
				Ticket ticket = this.tickets.findById(id).orElseThrow();
				assertThat(ticket.status).isEqualTo("NEW");
				ticket.status = "DONE";
				this.tickets.flush();
				if (this.scenario.enter("call") == 1 && disconnect) {
					this.scenario.disconnect();
				}
				return ticket;
			});
			this.transactions.plain(() -> this.scenario.insert("after"));
			return new View(completed);
		}

	}

	/**
	 * Loads the lines when it is rendered.
	 */
	static final class View {

		private final Ticket ticket;

		View(Ticket ticket) {
			this.ticket = ticket;
		}

		@JsonProperty
		String status() {
			return this.ticket.status;
		}

		@JsonProperty
		List<String> lines() {
			return List.copyOf(this.ticket.lines);
		}

	}

	interface TicketRepository extends JpaRepository<Ticket, Long> {

	}

	@Entity(name = "Ticket")
	static class Ticket {

		@Id
		@GeneratedValue
		@Nullable Long id;

		@Version
		int version;

		String status = "NEW";

		@ElementCollection
		List<String> lines = new ArrayList<>(List.of("line"));

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = Ticket.class)
	@EnableJpaRepositories(basePackageClasses = Ticket.class, considerNestedRepositories = true)
	@Import({ Scenario.class, Transactions.class, TicketController.class })
	static class Application {

	}

}
