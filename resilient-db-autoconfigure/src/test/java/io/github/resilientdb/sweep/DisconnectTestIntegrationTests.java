package io.github.resilientdb.sweep;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.test.FaultKind;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the test kit finds in methods that are wrong, and that it leaves the right ones in
 * peace.
 */
@SpringBootTest(classes = DisconnectTestIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE,
		properties = { "logging.level.root=error", "resilientdb.retry.methods=*.Ordinary.write" })
@DisconnectTest
class DisconnectTestIntegrationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@RegisterExtension
	static final SweepDatabase database = new SweepDatabase();

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private Retryably tx;

	@Autowired
	private TransactionTemplate plain;

	@Autowired
	private RetryableTransactionTemplate template;

	@Autowired
	private Ordinary ordinary;

	@Autowired
	private HikariDataSource pool;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties, 3);
	}

	@TestFactory
	Stream<DynamicTest> survivesSilence(DisconnectScenario scenario) {
		return scenario.given(this::reset).when(() -> this.tx.call(() -> insert("a"))).kinds(FaultKind.SILENT).tests();
	}

	@Test
	void findsWhatAFailedAttemptLeftInMemory(DisconnectScenario scenario) {
		AtomicInteger counter = new AtomicInteger();
		scenario.given(() -> {
			reset();
			counter.set(0);
		}).when(() -> this.tx.call(() -> insert("note " + counter.incrementAndGet())));
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).startsWith("silently different")
				.contains("  - id=", "text=note 1", "  + id=", "text=note 2", "What to change"));
	}

	@Test
	void findsWhatIsThereTwice(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.call(() -> {
			this.tx.inNew(() -> insert("inner"));
			return insert("outer");
		}));
		assertThat(Failures.of(scenario))
			.anySatisfy((message) -> assertThat(message).startsWith("duplicated").contains("text=inner"));
	}

	@Test
	void findsWhatIsNotRerun(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.plainly(() -> insert("a")));
		assertThat(Failures.of(scenario))
			.anySatisfy((message) -> assertThat(message).startsWith("failed, nothing changed")
				.contains("put @RetryableTransaction on"));
	}

	@Test
	void findsAnExceptionThatIsSwallowed(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> {
			try {
				return this.jdbc.update("insert into note (text) values ('a')");
			}
			catch (DataAccessException ex) {
				return 0;
			}
		});
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).startsWith("silently different"));
	}

	@Test
	void comparesEffectsElsewhere(DisconnectScenario scenario) {
		AtomicInteger mails = new AtomicInteger();
		scenario.given(() -> {
			reset();
			mails.set(0);
		}).when(() -> this.tx.call(() -> {
			mails.incrementAndGet();
			return insert("a");
		})).observing("mails", mails::get);
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).contains("mails: expected 1 but was 2"));
		assertThat(Failures.of(scenario.observingPerAttempt("mails", mails::get))).isEmpty();
	}

	@Test
	void refusesATransactionOfTheTest(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.call(() -> insert("a")));
		assertThatIllegalStateException()
			.isThrownBy(() -> this.plain.executeWithoutResult((status) -> scenario.tests()))
			.withMessageContaining("@Transactional(propagation = Propagation.NOT_SUPPORTED)");
	}

	@Test
	void refusesAMethodThatFailsAnyway(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.call(() -> {
			insert("a");
			throw new IllegalArgumentException("as always");
		}));
		assertThatIllegalStateException().isThrownBy(scenario::tests)
			.withMessageContaining("fails without a fault: java.lang.IllegalArgumentException: as always");
		scenario.allowingException(IllegalArgumentException.class).withoutKinds(FaultKind.SILENT);
		assertThat(Failures.of(scenario)).isEmpty();
	}

	@Test
	void refusesTablesThatAreNotThere(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.call(() -> insert("a"))).comparing("notes");
		assertThatIllegalStateException().isThrownBy(scenario::tests)
			.withMessageStartingWith("comparing(\"notes\"): there is no such table")
			.withMessageContaining("note");
	}

	@Test
	void refusesToIgnoreAColumnThatIsNotThere(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.call(() -> insert("a"))).ignoring("note.txt");
		assertThatIllegalStateException().isThrownBy(scenario::tests)
			.withMessage("ignoring(\"note.txt\"): there is no such column. The table has these: id, text");
	}

	@Test
	void findsACallThatDoesNotEnd(DisconnectScenario scenario) {
		AtomicInteger attempts = new AtomicInteger();
		scenario.given(() -> {
			reset();
			attempts.set(0);
		}).when(() -> this.tx.call(() -> {
			if (attempts.incrementAndGet() > 1) {
				new CountDownLatch(1).await();
			}
			return insert("a");
		})).within(Duration.ofSeconds(4)).kinds(FaultKind.REQUEST_LOST);
		List<DynamicTest> tests = scenario.tests().toList();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(tests.get(1).getExecutable()::execute)
			.withMessageStartingWith("hung (request of statement 2 lost: insert into note")
			.withMessageContaining("within(...)");
		Awaitility.await().until(() -> this.pool.getHikariPoolMXBean().getActiveConnections() == 0);
	}

	@Test
	void comparesTablesThatAreCreatedByGiven(DisconnectScenario scenario) {
		scenario.given(() -> {
			this.jdbc.execute("drop table if exists fresh; create table fresh (id bigserial primary key)");
			reset();
		}).when(() -> this.jdbc.update("insert into fresh default values"));
		assertThat(Failures.of(scenario))
			.anySatisfy((message) -> assertThat(message).startsWith("failed, but changed something"));
	}

	@TestFactory
	Stream<DynamicTest> survivesInATemplate(DisconnectScenario scenario) {
		return scenario.given(this::reset)
			.when(() -> this.template.execute((status) -> insert("a") + insert("b")))
			.tests();
	}

	@TestFactory
	Stream<DynamicTest> survivesInAMethodThatAPropertyNames(DisconnectScenario scenario) {
		return scenario.given(this::reset).when(() -> this.ordinary.write("a")).tests();
	}

	@TestFactory
	Stream<DynamicTest> survivesAStandbyInAnInnerTransaction(DisconnectScenario scenario) {
		return scenario.given(this::reset).when(() -> this.tx.call(() -> {
			insert("outer");
			return this.tx.inNew(() -> insert("inner"));
		})).kinds(FaultKind.STANDBY).tests();
	}

	@Test
	void refusesAMethodThatAsksNoDatabase(DisconnectScenario scenario) {
		assertThatIllegalStateException().isThrownBy(() -> scenario.when(() -> 1).tests())
			.withMessageContaining("did not ask a database");
	}

	@Test
	void isBeforeThePool() {
		assertThat(this.pool.getJdbcUrl()).startsWith("jdbc:postgresql://127.0.0.1:")
			.endsWith("sslmode=disable")
			.doesNotContain(":" + database.server().port());
	}

	@Test
	@Tag("soak")
	void makesAThousandRunsInAMinute(DisconnectScenario scenario) throws Throwable {
		scenario.given(this::reset).when(() -> this.tx.call(() -> {
			for (int i = 0; i < 10; i++) {
				insert("note");
			}
			return null;
		})).withoutKinds(FaultKind.SILENT);
		List<DynamicTest> tests = scenario.tests().toList();
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		long cpu = system.getProcessCpuTime();
		long start = System.nanoTime();
		for (int i = 0; i < 1000; i++) {
			tests.get(i % tests.size()).getExecutable().execute();
		}
		Duration wall = Duration.ofNanos(System.nanoTime() - start);
		Duration busy = Duration.ofNanos(system.getProcessCpuTime() - cpu);
		System.out.printf("1000 runs with a fault: %d ms, of which this process computed %d ms, %.1f ms per run%n",
				wall.toMillis(), busy.toMillis(), busy.toMillis() / 1000.0);
		assertThat(busy).as("what two cores can do in a minute, with the server's half left").isLessThan(MINUTE);
		assertThat(wall).as("on a machine that does other things, too").isLessThan(MINUTE.multipliedBy(4));
	}

	private void reset() {
		this.jdbc.execute("create table if not exists note (id bigserial primary key, text text); delete from note");
	}

	private int insert(String text) {
		return this.jdbc.update("insert into note (text) values (?)", text);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	@Import({ Retryably.class, Ordinary.class })
	static class Application {

	}

	static class Ordinary {

		private final JdbcTemplate jdbc;

		Ordinary(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@Transactional
		int write(String text) {
			return this.jdbc.update("insert into note (text) values (?)", text);
		}

	}

}
