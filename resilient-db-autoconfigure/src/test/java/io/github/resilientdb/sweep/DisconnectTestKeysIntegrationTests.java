package io.github.resilientdb.sweep;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.test.FaultKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which values the test kit takes for keys that may be others.
 */
@SpringBootTest(classes = DisconnectTestKeysIntegrationTests.Application.class, webEnvironment = WebEnvironment.NONE,
		properties = "logging.level.root=error")
@DisconnectTest
class DisconnectTestKeysIntegrationTests {

	@RegisterExtension
	static final SweepDatabase database = new SweepDatabase();

	private final AtomicInteger attempts = new AtomicInteger();

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private Retryably tx;

	@Autowired
	private ApplicationEventPublisher events;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties, 2);
	}

	@Test
	void findsAReferenceBetweenUuidsThatIsBroken(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.call(() -> {
			UUID id = UUID.randomUUID();
			this.jdbc.update("insert into parcel (id) values (?)", id);
			return this.jdbc.update("insert into stop (parcel_id) values (?)",
					(this.attempts.incrementAndGet() > 1) ? UUID.randomUUID() : id);
		})).kinds(FaultKind.REQUEST_LOST);
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).startsWith("silently different"));
	}

	@Test
	void findsACountThatIsNoKey(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.call(() -> {
			insert("a");
			return this.attempts.incrementAndGet();
		})).kinds(FaultKind.REPLY_LOST);
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).contains("Outcome: expected result 1 but was result 2"));
	}

	@Test
	void findsAWrongRowAmongEqualOnes(DisconnectScenario scenario) {
		scenario.given(() -> {
			reset();
			insert("same");
			insert("same");
		})
			.when(() -> this.tx.call(() -> this.jdbc.update("update note set text = 'changed' where id = ?",
					this.attempts.incrementAndGet())))
			.kinds(FaultKind.REQUEST_LOST);
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).startsWith("silently different")
				.contains("  - id=1, text=changed", "  + id=2, text=changed"));
	}

	@Test
	void letsKeysBeOthersWhereNoForeignKeyTellsOfThem(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.call(() -> {
			Long id = insert("a");
			this.jdbc.update("insert into outbox (note_id, payload)"
					+ " values (?, jsonb_build_object('note', ?, 'number', 'N' || lpad(?::text, 9, '0'), 'count', 1))",
					id, id, id);
			return "/notes/" + id;
		})).kinds(FaultKind.REPLY_LOST);
		assertThat(Failures.of(scenario)).isEmpty();
	}

	@Test
	void letsEventsNameRowsThatWereRolledBack(DisconnectScenario scenario) {
		scenario.given(this::reset).when(() -> this.tx.call(() -> {
			Long id = insert("a");
			this.events.publishEvent(new Noted(id));
			return id;
		})).kinds(FaultKind.REQUEST_LOST);
		assertThat(Failures.of(scenario)).isEmpty();
		scenario.when(() -> this.tx.call(() -> {
			Long id = insert("a");
			this.events.publishEvent(new Noted((this.attempts.incrementAndGet() > 1) ? id + 7 : id));
			return id;
		}));
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).contains("Events that were not published"));
	}

	@Test
	void findsAPointInTimeThatIsAnother(DisconnectScenario scenario) {
		scenario.given(this::reset)
			.when(() -> this.tx.call(() -> this.jdbc.update(
					"insert into due (at, fixed) values (now(), timestamptz '2030-01-01Z' + make_interval(days => ?))",
					this.attempts.incrementAndGet())))
			.kinds(FaultKind.REQUEST_LOST);
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).startsWith("silently different"));
	}

	@Test
	void letsPointsInTimeBeOthersAtTheSameDistance(DisconnectScenario scenario) {
		scenario.given(this::reset)
			.when(() -> this.tx.call(() -> this.jdbc
				.update("insert into due (at, fixed) values (now(), now() + make_interval(days => 30))")))
			.kinds(FaultKind.REQUEST_LOST);
		assertThat(Failures.of(scenario)).isEmpty();
		scenario.when(() -> this.tx.call(() -> this.jdbc.update("insert into due (fixed) values (now() + ?::interval)",
				this.attempts.incrementAndGet() + " days")));
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).startsWith("silently different"));
	}

	private Long insert(String text) {
		return this.jdbc.queryForObject("insert into note (text) values (?) returning id", Long.class, text);
	}

	private void reset() {
		this.jdbc.execute("""
				create table if not exists parcel (id uuid primary key);
				create table if not exists stop (parcel_id uuid);
				create table if not exists note (id bigserial primary key, text text);
				create table if not exists outbox (note_id bigint, payload jsonb);
				create table if not exists due (at timestamptz, fixed timestamptz);
				truncate parcel, stop, note, outbox, due restart identity""");
		this.attempts.set(0);
	}

	record Noted(Long id) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	@Import(Retryably.class)
	static class Application {

	}

}
