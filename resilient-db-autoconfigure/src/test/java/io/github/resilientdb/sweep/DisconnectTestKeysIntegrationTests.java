package io.github.resilientdb.sweep;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.test.FaultKind;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

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

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private final AtomicInteger attempts = new AtomicInteger();

	@Autowired
	private JdbcTemplate jdbc;

	@Autowired
	private Retryably tx;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		properties.add("spring.datasource.url", () -> server.jdbcUrl(database));
		properties.add("spring.datasource.username", server::username);
		properties.add("spring.datasource.password", server::password);
		properties.add("spring.datasource.hikari.maximum-pool-size", () -> 2);
		properties.add("spring.flyway.enabled", () -> false);
	}

	@AfterAll
	static void dropDatabase() {
		server.dropDatabase(database);
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
