package com.example.bank;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import com.example.bank.embedded.EmbeddedDatabase;
import com.example.bank.embedded.EmbeddedDatabase.StopMode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The bank over HTTP, open-in-view included. All that use the application in this way
 * configure it alike, so that it is started once.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "show.tour=false")
class BankIntegrationTests {

	@LocalServerPort
	private int port;

	@Autowired
	private EmbeddedDatabase database;

	private RestTestClient client;

	@BeforeEach
	void bindClient() {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + this.port).build();
	}

	@Test
	void opensAnAccount() {
		long id = open("Ada", "12.50");
		this.client.get().uri("/accounts/{id}", id).exchange().expectStatus().isOk().expectBody().json("""
				{"id": %d, "owner": "Ada", "balance": 12.50}""".formatted(id));
		this.client.get()
			.uri("/accounts")
			.exchange()
			.expectBody()
			.jsonPath("$[?(@.id == %d)].owner".formatted(id))
			.isEqualTo("Ada");
	}

	@Test
	void transfers() {
		long from = open("Ada", "10");
		long to = open("Bob", "0");
		UUID id = UUID.randomUUID();
		transfer(id, from, to, "2.50").expectStatus().isCreated().expectHeader().location("/transfers/" + id);
		assertThat(balance(from)).isEqualByComparingTo("7.50");
		assertThat(balance(to)).isEqualByComparingTo("2.50");
		for (String address : List.of("/transfers/" + id, "/accounts/" + from + "/ledger",
				"/accounts/" + to + "/ledger")) {
			this.client.get()
				.uri(address)
				.exchange()
				.expectBody()
				.jsonPath("$..transferId")
				.isEqualTo(id.toString())
				.jsonPath("$..amount")
				.isEqualTo(2.5);
		}
	}

	@Test
	void recognisesARepeatedRequest() {
		long from = open("Ada", "10");
		long to = open("Bob", "0");
		UUID id = UUID.randomUUID();
		transfer(id, from, to, "2.50").expectStatus().isCreated();
		transfer(id, from, to, "2.5").expectStatus().isOk();
		assertThat(balance(from)).isEqualByComparingTo("7.50");
	}

	@Test
	void recognisesARequestThatIsRepeatedAtTheSameTime() throws Exception {
		long from = open("Ada", "10");
		long to = open("Bob", "0");
		UUID id = UUID.randomUUID();
		List<HttpStatus> answers = inParallel(8, () -> status(transfer(id, from, to, "1")));
		assertThat(answers).containsOnly(HttpStatus.OK, HttpStatus.CREATED).containsOnlyOnce(HttpStatus.CREATED);
		assertThat(balance(to)).isEqualByComparingTo("1");
	}

	@Test
	void refusesAnIdThatBelongsToAnotherTransfer() {
		long from = open("Ada", "10");
		long to = open("Bob", "0");
		UUID id = UUID.randomUUID();
		transfer(id, from, to, "2.50").expectStatus().isCreated();
		assertThatProblem(transfer(id, from, to, "3"), HttpStatus.CONFLICT, "belongs to another transfer");
	}

	@Test
	void refusesMoreThanThereIs() {
		long from = open("Ada", "10");
		long to = open("Bob", "0");
		UUID id = UUID.randomUUID();
		assertThatProblem(transfer(id, from, to, "10.01"), HttpStatus.UNPROCESSABLE_CONTENT, "has less");
		assertThat(balance(from)).isEqualByComparingTo("10");
		this.client.get().uri("/transfers/{id}", id).exchange().expectStatus().isNotFound();
	}

	@Test
	void refusesAnAmountThatIsNotPositive() {
		assertThatProblem(transfer(UUID.randomUUID(), 1, 2, "-1"), HttpStatus.UNPROCESSABLE_CONTENT,
				"Invalid amount (-1): must be positive");
	}

	@Test
	void refusesARequestWithoutAmount() {
		assertThatProblem(transfer(UUID.randomUUID(), 1, 2, "null"), HttpStatus.BAD_REQUEST,
				"Invalid amount (null): must be given");
	}

	@Test
	void refusesWhatIsNotJson() {
		transfer(UUID.randomUUID(), 1, 2, "much").expectStatus().isBadRequest();
	}

	@Test
	void doesNotFindAnAccountThatIsNotThere() {
		long from = open("Ada", "10");
		assertThatProblem(transfer(UUID.randomUUID(), from, Long.MAX_VALUE, "1"), HttpStatus.NOT_FOUND,
				"no account " + Long.MAX_VALUE);
		this.client.get().uri("/accounts/{id}/ledger", Long.MAX_VALUE).exchange().expectStatus().isNotFound();
	}

	@Test
	void transfersInOppositeDirectionsDoNotDeadlock() throws Exception {
		long one = open("Ada", "100");
		long other = open("Bob", "100");
		List<HttpStatus> answers = inParallel(8, () -> {
			status(transfer(UUID.randomUUID(), one, other, "1"));
			return status(transfer(UUID.randomUUID(), other, one, "1"));
		});
		assertThat(answers).containsOnly(HttpStatus.CREATED);
		assertThat(balance(one)).isEqualByComparingTo("100");
	}

	@Test
	void requestsSurviveThatAllSessionsAreEnded() throws Exception {
		long from = open("Ada", "1000");
		long to = open("Bob", "0");
		AtomicInteger ended = new AtomicInteger();
		List<List<HttpStatus>> answers = inParallel(4, () -> {
			List<HttpStatus> statuses = new ArrayList<>();
			while (ended.get() < 5) {
				synchronized (this.database) {
					ended.incrementAndGet();
					this.database.endSessions();
				}
				for (int i = 0; i < 5; i++) {
					statuses.add(status(transfer(UUID.randomUUID(), from, to, "1")));
				}
			}
			return statuses;
		});
		assertThat(answers).allSatisfy((statuses) -> assertThat(statuses).containsOnly(HttpStatus.CREATED));
		assertThat(balance(to)).isEqualByComparingTo(BigDecimal.valueOf(answers.stream().mapToInt(List::size).sum()));
	}

	@Test
	void requestsSurviveARestart() throws Exception {
		long from = open("Ada", "1000");
		long to = open("Bob", "0");
		this.database.restart(StopMode.FAST);
		transfer(UUID.randomUUID(), from, to, "1").expectStatus().isCreated();
		assertThat(balance(to)).isEqualByComparingTo("1");
	}

	private long open(String owner, String balance) {
		HttpHeaders headers = this.client.post()
			.uri("/accounts")
			.contentType(MediaType.APPLICATION_JSON)
			.body("""
					{"owner": "%s", "balance": %s}""".formatted(owner, balance))
			.exchange()
			.expectStatus()
			.isCreated()
			.expectBody()
			.returnResult()
			.getResponseHeaders();
		return Long.parseLong(String.valueOf(headers.getLocation()).replace("/accounts/", ""));
	}

	private ResponseSpec transfer(UUID id, long from, long to, String amount) {
		return this.client.put().uri("/transfers/{id}", id).contentType(MediaType.APPLICATION_JSON).body("""
				{"from": %d, "to": %d, "amount": %s}""".formatted(from, to, amount)).exchange();
	}

	private BigDecimal balance(long id) {
		Map<?, ?> account = this.client.get()
			.uri("/accounts/{id}", id)
			.exchange()
			.expectBody(Map.class)
			.returnResult()
			.getResponseBody();
		assertThat(account).isNotNull();
		return new BigDecimal(String.valueOf(account.get("balance")));
	}

	private HttpStatus status(ResponseSpec response) {
		return HttpStatus.valueOf(response.expectBody().returnResult().getStatus().value());
	}

	private void assertThatProblem(ResponseSpec response, HttpStatus status, String detail) {
		String problem = response.expectStatus()
			.isEqualTo(status)
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON)
			.expectBody(String.class)
			.returnResult()
			.getResponseBody();
		assertThat(problem).contains(detail);
	}

	private static <T> List<T> inParallel(int threads, Callable<T> task) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<T>> futures = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				futures.add(executor.submit(task));
			}
			List<T> results = new ArrayList<>();
			for (Future<T> future : futures) {
				results.add(future.get());
			}
			return results;
		}
		finally {
			executor.shutdownNow();
		}
	}

}
