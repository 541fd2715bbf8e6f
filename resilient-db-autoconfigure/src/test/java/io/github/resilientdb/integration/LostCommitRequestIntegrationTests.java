package io.github.resilientdb.integration;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.integration.CommittingApplication.Kind;
import io.github.resilientdb.integration.CommittingApplication.Manager;
import io.github.resilientdb.integration.CommittingApplication.Note;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import jakarta.persistence.EntityManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for HTTP requests under open-in-view that lose a COMMIT: the session of the
 * request, which began before, reads and writes on.
 */
class LostCommitRequestIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Map<String, CommittingApplication> applications = new HashMap<>();

	@AfterAll
	static void stop() {
		applications.values().forEach(CommittingApplication::close);
		applications.clear();
	}

	private static CommittingApplication application(String verification, Kind kind) {
		return applications.computeIfAbsent(verification + kind,
				(name) -> CommittingApplication.startWeb(verification.equals("marker"), NoteController.class,
						"resilientdb.commit.verification=" + verification,
						"resilientdb.commit.scope=" + ((kind == Kind.PLAIN) ? "all" : "retryable"),
						"spring.datasource.hikari.maximum-pool-size=1", "spring.jpa.open-in-view=true"));
	}

	@ParameterizedTest
	@CsvSource({ "xid, RETRYABLE, DROP_RESPONSE, 1", "xid, RETRYABLE, DROP_REQUEST, 2",
			"xid, RETRYABLE, RESET_AFTER, 1", "xid, PLAIN, DROP_RESPONSE, 1", "marker, RETRYABLE, DROP_RESPONSE, 1",
			"marker, RETRYABLE, DROP_REQUEST, 2", "marker, RETRYABLE, RESET_AFTER, 1",
			"marker, PLAIN, DROP_RESPONSE, 1" })
	void requestGoesOn(String verification, Kind kind, String lost, int attempts) throws Exception {
		CommittingApplication application = application(verification, kind);
		application.witness().forget();
		String text = UUID.randomUUID().toString();
		ArmedFault fault = application.proxy().arm(fault(lost));
		HttpResponse<String> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(application.uri("/%s/%s".formatted(kind, text))).build(),
					HttpResponse.BodyHandlers.ofString());
		fault.await(PATIENCE);
		assertThat(response.body()).isEqualTo("attempts %d, notes 3, before touched", attempts);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(application.count(text)).isEqualTo(2);
		assertThat(application.witness().verified()).hasSize(1);
		assertThat(application.witness().seen()).containsOnlyOnce("after commit", "event after commit", "committed");
		HikariDataSource pool = application.pool();
		Awaitility.await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
	}

	private static Fault fault(String name) {
		return switch (name) {
			case "DROP_REQUEST" -> Fault.DROP_REQUEST;
			case "RESET_AFTER" -> Fault.RESET_AFTER;
			default -> Fault.DROP_RESPONSE;
		};
	}

	@RestController
	static class NoteController {

		private final CommittingApplication.Notes notes;

		private final CommittingApplication.Witness witness;

		private final EntityManager entityManager;

		NoteController(CommittingApplication.Notes notes, CommittingApplication.Witness witness,
				EntityManager entityManager) {
			this.notes = notes;
			this.witness = witness;
			this.entityManager = entityManager;
		}

		@GetMapping("/{kind}/{text}")
		String write(@PathVariable Kind kind, @PathVariable String text) {
			Note before = this.entityManager.find(Note.class, 0L); // takes the connection
			AtomicInteger attempts = new AtomicInteger();
			CommittingApplication.Notes.run(this.notes, Manager.JPA, kind, () -> {
				attempts.incrementAndGet();
				this.witness.watch();
				this.notes.write(Manager.JPA, text);
				return true;
			});
			long read = count(text);
			CommittingApplication.Notes.run(this.notes, Manager.JPA, kind, () -> {
				this.notes.write(Manager.JPA, text);
				return true;
			});
			return "attempts %s, notes %d, before %s".formatted(attempts, read + count(text), before.text);
		}

		private long count(String text) {
			return this.entityManager.createQuery("select count(*) from committed_note where text = :text", Long.class)
				.setParameter("text", text)
				.getSingleResult();
		}

	}

}
