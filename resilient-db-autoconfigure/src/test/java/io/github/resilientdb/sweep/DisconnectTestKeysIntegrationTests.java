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

	private void reset() {
		this.jdbc.execute("""
				create table if not exists parcel (id uuid primary key);
				create table if not exists stop (parcel_id uuid);
				create table if not exists note (id bigserial primary key, text text);
				create table if not exists outbox (note_id bigint, payload jsonb);
				truncate parcel, stop, note, outbox restart identity""");
		this.attempts.set(0);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	@Import(Retryably.class)
	static class Application {

	}

}
