package io.github.resilientdb.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.github.resilientdb.ConnectionPoolEvent;
import io.github.resilientdb.ConnectionPoolEvent.ConnectionDiscarded;
import io.github.resilientdb.ConnectionPoolEvent.ConnectionOpened;
import io.github.resilientdb.ConnectionPoolEvent.Disconnected;
import io.github.resilientdb.ConnectionPoolEvent.Invalidated;
import io.github.resilientdb.ConnectionPoolEvent.OutageBegan;
import io.github.resilientdb.ConnectionPoolEvent.OutageEnded;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.RetryableTransactionEvent;
import io.github.resilientdb.RetryableTransactionEvent.OutcomeUnknown;
import io.github.resilientdb.RetryableTransactionEvent.Recovered;
import io.github.resilientdb.RetryableTransactionEvent.Rerun;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What an operator sees: events, log lines, meters, the endpoint and the health, while
 * connections are lost and the server is away.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.flyway.enabled=false", "spring.jpa.open-in-view=false",
				"spring.datasource.hikari.pool-name=bank", "resilientdb.pool.size=2", "resilientdb.retry.deadline=3s",
				"resilientdb.commit.verification=none", "management.endpoint.health.show-details=always",
				"management.endpoints.web.exposure.include=health,resilientdb",
				"management.endpoint.resilientdb.access=unrestricted",
				"management.endpoints.access.max-permitted=unrestricted" })
@ExtendWith(OutputCaptureExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperationsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private static final FaultProxy proxy = FaultProxy.inFrontOf(server);

	@Autowired
	private Work work;

	@Autowired
	private Events events;

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private MeterRegistry registry;

	@LocalServerPort
	private int port;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		properties.add("spring.datasource.url", () -> proxy.jdbcUrl(database));
		properties.add("spring.datasource.username", server::username);
		properties.add("spring.datasource.password", server::password);
	}

	@BeforeEach
	void begin() {
		this.jdbc.execute("create table if not exists entry (id bigint)");
		this.events.all.clear();
	}

	@AfterEach
	void heal() {
		proxy.disarm();
		proxy.accept();
		proxy.heal();
		Awaitility.await()
			.atMost(PATIENCE)
			.ignoreExceptions()
			.until(() -> this.jdbc.queryForObject("select 1", Integer.class) == 1);
	}

	@AfterAll
	static void close() {
		proxy.close();
	}

	/**
	 * The line about it is written at most every 10 s, so no other test may come before.
	 */
	@Test
	@Order(1)
	void tellsOfALostConnectionAndItsRecovery(CapturedOutput output) {
		double retries = retries();
		long recovered = transactions("recovered");
		this.work.loseConnectionOnce();
		assertThat(this.events.of(Disconnected.class)).singleElement().satisfies((event) -> {
			assertThat(event.pool()).isEqualTo("bank");
			assertThat(event.reason()).isEqualTo("admin-shutdown");
			assertThat(event.phase().name()).isEqualTo("TRANSACTION");
			assertThat(event.sqlState()).isEqualTo("57P01");
		});
		assertThat(this.events.of(Invalidated.class)).singleElement()
			.extracting(Invalidated::reason)
			.isEqualTo("admin-shutdown");
		assertThat(this.events.of(Rerun.class)).singleElement().satisfies((event) -> {
			assertThat(event.call()).isEqualTo(Work.class.getName() + ".loseConnectionOnce");
			assertThat(event.attempt()).isOne();
			assertThat(event.reason()).isEqualTo("admin-shutdown");
		});
		assertThat(this.events.of(Recovered.class)).hasSize(1);
		assertThat(this.events.of(OutageBegan.class)).isEmpty();
		// HikariCP closes connections on a thread of its own
		Awaitility.await().until(() -> !this.events.of(ConnectionDiscarded.class).isEmpty());
		assertThat(retries() - retries).isOne();
		assertThat(transactions("recovered") - recovered).isOne();
		assertThat(lines(output, "WARN").filter((line) -> !line.contains(" main]"))).singleElement()
			.asString()
			.contains("Pool bank lost a connection (admin-shutdown)");
		assertThat(output).doesNotContain("answers again").doesNotContain("\tat ", "password", server.password() + "@");
	}

	@Test
	void tellsOfConnectionsThatAreOpened() {
		int opened = this.events.of(ConnectionOpened.class).size();
		request("DELETE", "/actuator/resilientdb");
		this.jdbc.queryForObject("select 1", Integer.class);
		assertThat(this.events.of(ConnectionOpened.class)).hasSizeGreaterThan(opened);
	}

	@Test
	void tellsAllOfAnUnknownOutcome(CapturedOutput output) {
		long unknown = transactions("unknown");
		proxy.arm(Fault.DROP_RESPONSE);
		assertThatExceptionOfType(TransactionOutcomeUnknownException.class).isThrownBy(this.work::insert);
		assertThat(this.events.of(OutcomeUnknown.class)).singleElement()
			.extracting(OutcomeUnknown::reason)
			.isEqualTo("not-verified");
		assertThat(this.events.of(Rerun.class)).isEmpty();
		assertThat(transactions("unknown") - unknown).isOne();
		assertThat(lines(output, "ERROR")).singleElement()
			.asString()
			.contains(Work.class.getName() + ".insert may or may not have been committed", "not-verified", "SQLSTATE");
	}

	@Test
	void describesSettingsPoolsAndDisconnects() {
		this.work.loseConnectionOnce();
		Map<String, Object> description = json("/actuator/resilientdb");
		assertThat(at(description, "settings", "resilientdb.retry.deadline", "value")).isEqualTo("3s");
		assertThat(at(description, "settings", "resilientdb.retry.deadline", "origin").toString())
			.contains("resilientdb.retry.deadline");
		assertThat(at(description, "settings", "resilientdb.retry.max-attempts"))
			.isEqualTo(Map.of("value", "5", "origin", "default"));
		Map<?, ?> pool = (Map<?, ?>) ((List<?>) at(description, "pools")).get(0);
		assertThat(pool.get("bean")).isEqualTo("dataSource");
		assertThat(pool.get("name")).isEqualTo("bank");
		assertThat(at(pool, "settings", "size", "value")).isEqualTo("2");
		assertThat(at(pool, "settings", "size", "origin").toString()).contains("resilientdb.pool.size");
		assertThat(at(pool, "settings", "recycle", "origin")).isEqualTo("HikariCP's configuration");
		assertThat(((Number) pool.get("generation")).longValue()).isPositive();
		assertThat(pool.get("commitVerification").toString()).startsWith("none");
		assertThat(pool.get("outage")).isNull();
		Map<?, ?> disconnect = (Map<?, ?>) ((List<?>) at(description, "disconnects")).get(0);
		assertThat(disconnect.get("reason")).isEqualTo("admin-shutdown");
		assertThat(disconnect.get("phase")).isEqualTo("transaction");
		assertThat(disconnect.get("sqlState")).isEqualTo("57P01");
		assertThat(disconnect.get("time")).isNotNull();
		assertThat((List<?>) at(description, "disconnects")).hasSizeLessThanOrEqualTo(20);
	}

	@Test
	void discardsAllConnections() {
		int before = this.jdbc.queryForObject("select pg_backend_pid()", Integer.class);
		HttpResponse<String> response = request("DELETE", "/actuator/resilientdb");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains("dataSource");
		assertThat(this.jdbc.queryForObject("select pg_backend_pid()", Integer.class)).isNotEqualTo(before);
		assertThat(this.events.of(Invalidated.class)).singleElement()
			.extracting(Invalidated::reason)
			.isEqualTo("endpoint");
	}

	@Test
	void isUnhealthyWhileTheDatabaseIsAwayAndRecovers(CapturedOutput output) {
		assertThat(health()).isEqualTo("UP");
		proxy.refuse();
		proxy.reset();
		long start = System.nanoTime();
		assertThat(health()).isEqualTo("DOWN");
		// the pool's timeout is 10 s
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
		assertThat(at(json("/actuator/resilientdb"), "pools").toString()).contains("outage={since=");
		assertThat(this.registry.get("resilientdb.outage.active").tag("pool", "bank").longTaskTimer().activeTasks())
			.isOne();
		assertThatException().isThrownBy(this.work::insert);
		assertThat(this.events.of(OutageBegan.class)).singleElement()
			.extracting(OutageBegan::reason)
			.isEqualTo("connect-failed");
		assertThat(lines(output, "can't be reached (connect-failed)")).hasSize(1);
		assertThat((List<?>) at(json("/actuator/resilientdb"), "disconnects"))
			.filteredOn((disconnect) -> at((Map<?, ?>) disconnect, "phase").equals("connect"))
			.hasSize(1);
		proxy.accept();
		// Without any traffic
		Awaitility.await().atMost(PATIENCE).until(() -> !this.events.of(OutageEnded.class).isEmpty());
		assertThat(health()).isEqualTo("UP");
		// each listener is told in its turn
		Awaitility.await().untilAsserted(() -> {
			assertThat(this.registry.get("resilientdb.outage.active").tag("pool", "bank").longTaskTimer().activeTasks())
				.isZero();
			assertThat(this.registry.get("resilientdb.outage").tag("pool", "bank").timer().count()).isPositive();
			assertThat(lines(output, "answers again")).singleElement().asString().contains("1 waited, 1 failed");
		});
	}

	private double retries() {
		return this.registry.find("resilientdb.transaction.retries")
			.tag("class", Work.class.getName())
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
	}

	private long transactions(String outcome) {
		return this.registry.find("resilientdb.transaction")
			.tags("class", Work.class.getName(), "outcome", outcome)
			.timers()
			.stream()
			.mapToLong(Timer::count)
			.sum();
	}

	private String health() {
		return at(json("/actuator/health"), "components", "db", "status").toString();
	}

	private Map<String, Object> json(String path) {
		return JsonParserFactory.getJsonParser().parseMap(request("GET", path).body());
	}

	private HttpResponse<String> request(String method, String path) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.method(method, HttpRequest.BodyPublishers.noBody())
			.timeout(Duration.ofSeconds(30))
			.build();
		try {
			return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Object at(Map<?, ?> json, String... path) {
		Object found = json;
		for (String key : path) {
			found = ((Map<?, ?>) found).get(key);
		}
		return found;
	}

	private static Stream<String> lines(CapturedOutput output, String content) {
		return output.toString().lines().filter((line) -> line.contains(content));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Work.class, Events.class })
	static class Application {

	}

	static class Events {

		private final Collection<Object> all = new ConcurrentLinkedQueue<>();

		@EventListener
		void on(ConnectionPoolEvent event) {
			this.all.add(event);
		}

		@EventListener
		void on(RetryableTransactionEvent event) {
			this.all.add(event);
		}

		<T> List<T> of(Class<T> type) {
			return this.all.stream().filter(type::isInstance).map(type::cast).toList();
		}

	}

	static class Work {

		@Autowired
		private JdbcTemplate jdbc;

		private boolean lost;

		// not in a hurry: the first one is slow
		@RetryableTransaction(deadline = "60s")
		public void loseConnectionOnce() {
			int pid = this.jdbc.queryForObject("select pg_backend_pid()", Integer.class);
			this.lost = !this.lost;
			if (this.lost) {
				server.terminateBackend(pid);
			}
			this.jdbc.update("insert into entry values (1)");
		}

		@RetryableTransaction
		public void insert() {
			this.jdbc.update("insert into entry values (2)");
		}

	}

}
