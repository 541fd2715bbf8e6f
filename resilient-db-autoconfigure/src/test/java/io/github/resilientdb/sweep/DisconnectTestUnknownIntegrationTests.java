package io.github.resilientdb.sweep;

import java.util.List;
import java.util.stream.Stream;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.FaultKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the test kit says of requests whose lost COMMITs nobody can look up.
 */
@SpringBootTest(classes = DisconnectTestUnknownIntegrationTests.Application.class,
		properties = { "logging.level.root=error", "resilientdb.commit.verification=none" })
class DisconnectTestUnknownIntegrationTests extends HttpSweep {

	@RegisterExtension
	static final SweepDatabase database = new SweepDatabase();

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties, 2);
	}

	@TestFactory
	Stream<DynamicTest> isTheSameOrUnknown(DisconnectScenario scenario) {
		return mocked(scenario, "/handled/a").allowingUnknown().tests();
	}

	@Test
	void saysThatAnAnswerIsUnknown(DisconnectScenario scenario) {
		mocked(scenario, "/handled/a").kinds(FaultKind.REQUEST_LOST, FaultKind.REPLY_LOST);
		assertThat(Failures.of(scenario)).hasSize(2)
			.allSatisfy((message) -> assertThat(message).startsWith("outcome unknown")
				.contains("COMMIT", "Answered: status 503", "allowingUnknown()"));
	}

	@Test
	void saysThatAnExceptionIsUnknown(DisconnectScenario scenario) {
		mocked(scenario, "/thrown/a").kinds(FaultKind.REQUEST_LOST, FaultKind.REPLY_LOST);
		assertThat(Failures.of(scenario)).hasSize(2)
			.allSatisfy((message) -> assertThat(message).startsWith("outcome unknown")
				.contains("COMMIT", "TransactionOutcomeUnknownException"));
	}

	@Test
	void saysThatASuccessIsNone(DisconnectScenario scenario) {
		requested(scenario, "/swallowed/a").allowingUnknown().kinds(FaultKind.REQUEST_LOST, FaultKind.REPLY_LOST);
		List<String> failures = Failures.of(scenario);
		assertThat(failures).singleElement()
			.satisfies((message) -> assertThat(message).startsWith("silently different (request of statement")
				.contains("COMMIT", "  - id=", "text=a"));
	}

	static class Notes {

		private final JdbcTemplate jdbc;

		Notes(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@RetryableTransaction
		String write(String text) {
			return "written " + this.jdbc.update("insert into note (text) values (?)", text);
		}

	}

	@RestController
	static class HandlingController {

		private final Notes notes;

		HandlingController(Notes notes) {
			this.notes = notes;
		}

		@PostMapping("/handled/{text}")
		String write(@PathVariable String text) {
			return this.notes.write(text);
		}

		@PostMapping("/swallowed/{text}")
		String writePerhaps(@PathVariable String text) {
			try {
				return this.notes.write(text);
			}
			catch (TransactionOutcomeUnknownException ex) {
				return "written 1";
			}
		}

		@ExceptionHandler
		@ResponseStatus(HttpStatus.SERVICE_UNAVAILABLE)
		String handle(TransactionOutcomeUnknownException ex) {
			return "perhaps";
		}

	}

	@RestController
	static class ThrowingController {

		private final Notes notes;

		ThrowingController(Notes notes) {
			this.notes = notes;
		}

		@PostMapping("/thrown/{text}")
		String write(@PathVariable String text) {
			return this.notes.write(text);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	@Import({ Notes.class, HandlingController.class, ThrowingController.class })
	static class Application {

	}

}
