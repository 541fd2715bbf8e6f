package io.github.resilientdb.sweep;

import java.util.List;
import java.util.stream.Stream;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.test.FaultKind;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

/**
 * The test kit over HTTP, with a real web server on a random port and without one.
 */
@SpringBootTest(classes = DisconnectTestHttpIntegrationTests.Application.class,
		webEnvironment = WebEnvironment.RANDOM_PORT, properties = "logging.level.root=error")
@AutoConfigureRestTestClient
@AutoConfigureMockMvc
@DisconnectTest
class DisconnectTestHttpIntegrationTests {

	@RegisterExtension
	static final SweepDatabase database = new SweepDatabase();

	@Autowired
	private RestTestClient client;

	@Autowired
	private MockMvc mvc;

	@Autowired
	private JdbcTemplate jdbc;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties, 2);
	}

	@TestFactory
	Stream<DynamicTest> survivesEveryDisconnectOfARequest(DisconnectScenario scenario) {
		return scenario.given(this::reset)
			.when(() -> this.client.post().uri("/notes/a").exchange().returnResult(String.class))
			.tests();
	}

	@TestFactory
	Stream<DynamicTest> survivesEveryDisconnectOfAMockedRequest(DisconnectScenario scenario) {
		return scenario.given(this::reset).when(() -> this.mvc.perform(post("/notes/a")).andReturn()).tests();
	}

	@Test
	void anAnswerOf500IsAFailure(DisconnectScenario scenario) {
		scenario.given(this::reset)
			.when(() -> this.client.post().uri("/plain/a").exchange().returnResult(String.class));
		List<String> failures = Failures.of(scenario);
		assertThat(failures).hasSize(6).allSatisfy((message) -> assertThat(message).contains("Answered: status 500"));
		assertThat(failures).filteredOn((message) -> message.startsWith("failed, but changed something"))
			.satisfiesExactly((message) -> assertThat(message).contains("reply of statement 1 lost"),
					(message) -> assertThat(message).contains("silence after statement 1"));
		assertThat(Failures.of(scenario.allowingFailure())).hasSize(2);
	}

	@Test
	void aLostCommitThatIsNotLookedUpIsUnknown(DisconnectScenario scenario) {
		scenario.given(this::reset)
			.when(() -> this.client.post().uri("/transactional/a").exchange().returnResult(String.class))
			.kinds(FaultKind.REQUEST_LOST, FaultKind.REPLY_LOST);
		assertThat(Failures.of(scenario.allowingFailure())).hasSize(2)
			.allSatisfy((message) -> assertThat(message).startsWith("outcome unknown")
				.contains("COMMIT", "Answered: status 500"));
		assertThat(Failures.of(scenario.allowingUnknown())).isEmpty();
	}

	private void reset() {
		this.jdbc.execute("create table if not exists note (id bigserial primary key, text text); delete from note");
	}

	@RestController
	static class Notes {

		private final JdbcTemplate jdbc;

		Notes(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@PostMapping("/notes/{text}")
		@RetryableTransaction
		public String write(@PathVariable("text") String text) {
			return "note "
					+ this.jdbc.queryForObject("insert into note (text) values (?) returning id", long.class, text);
		}

		@PostMapping("/plain/{text}")
		public String writePlainly(@PathVariable("text") String text) {
			return "note "
					+ this.jdbc.queryForObject("insert into note (text) values (?) returning id", long.class, text);
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
