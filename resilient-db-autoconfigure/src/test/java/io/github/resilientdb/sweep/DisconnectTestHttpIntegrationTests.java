package io.github.resilientdb.sweep;

import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.FaultKind;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The test kit over HTTP, with a real web server on a random port and without one.
 */
@SpringBootTest(classes = DisconnectTestHttpIntegrationTests.Application.class,
		webEnvironment = WebEnvironment.RANDOM_PORT, properties = "logging.level.root=error")
class DisconnectTestHttpIntegrationTests extends HttpSweep {

	@RegisterExtension
	static final SweepDatabase database = new SweepDatabase();

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties, 2);
	}

	@TestFactory
	Stream<DynamicTest> survivesEveryDisconnectOfARequest(DisconnectScenario scenario) {
		return requested(scenario, "/notes/a").tests();
	}

	@TestFactory
	Stream<DynamicTest> survivesEveryDisconnectOfAMockedRequest(DisconnectScenario scenario) {
		return mocked(scenario, "/notes/a").tests();
	}

	@Test
	void anAnswerOf500IsAFailure(DisconnectScenario scenario) {
		requested(scenario, "/plain/a");
		List<String> failures = Failures.of(scenario);
		assertThat(failures).hasSize(6).allSatisfy((message) -> assertThat(message).contains("Answered: status 500"));
		assertThat(failures).filteredOn((message) -> message.startsWith("failed, but changed something"))
			.satisfiesExactly((message) -> assertThat(message).contains("reply of statement 1 lost"),
					(message) -> assertThat(message).contains("silence after statement 1"));
		assertThat(Failures.of(scenario.allowingFailure())).hasSize(2);
	}

	@Test
	void comparesTheLocation(DisconnectScenario scenario) {
		requested(scenario, "/mislocated/a").kinds(FaultKind.REQUEST_LOST);
		assertThat(Failures.of(scenario)).hasSize(2)
			.allSatisfy((message) -> assertThat(message).startsWith("silently different")
				.contains("location: /notes/", "in 2 attempts"));
	}

	@Test
	void aLostCommitThatIsNotLookedUpIsUnknown(DisconnectScenario scenario) {
		requested(scenario, "/transactional/a").kinds(FaultKind.REQUEST_LOST, FaultKind.REPLY_LOST);
		assertThat(Failures.of(scenario.allowingFailure())).hasSize(2)
			.allSatisfy((message) -> assertThat(message).startsWith("outcome unknown")
				.contains("COMMIT", "Answered: status 500"));
		assertThat(Failures.of(scenario.allowingUnknown())).isEmpty();
	}

	@RestController
	static class Notes {

		private final JdbcTemplate jdbc;

		Notes(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@PostMapping("/notes/{text}")
		@RetryableTransaction
		public ResponseEntity<String> write(@PathVariable("text") String text) {
			long id = insert(text);
			return ResponseEntity.created(URI.create("/notes/" + id)).body("note " + id);
		}

		@PostMapping("/mislocated/{text}")
		@RetryableTransaction
		public ResponseEntity<String> writeAndTellTheFirstId(@PathVariable("text") String text,
				HttpServletRequest request) {
			long id = insert(text);
			if (request.getAttribute("id") == null) {
				request.setAttribute("id", id);
			}
			return ResponseEntity.created(URI.create("/notes/" + request.getAttribute("id"))).body("note " + id);
		}

		@PostMapping("/plain/{text}")
		public String writePlainly(@PathVariable("text") String text) {
			return "note " + insert(text);
		}

		private long insert(String text) {
			return Objects.requireNonNull(
					this.jdbc.queryForObject("insert into note (text) values (?) returning id", Long.class, text));
		}

	}

	@RestController
	@Transactional
	static class TransactionalNotes {

		private final JdbcTemplate jdbc;

		TransactionalNotes(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@PostMapping("/transactional/{text}")
		public String write(@PathVariable("text") String text) {
			return "written " + this.jdbc.update("insert into note (text) values (?)", text);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	@Import({ Notes.class, TransactionalNotes.class })
	static class Application {

	}

}
