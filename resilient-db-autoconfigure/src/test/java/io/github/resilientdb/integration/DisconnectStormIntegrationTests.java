package io.github.resilientdb.integration;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.PostgresServer.Capability;
import io.github.resilientdb.testsupport.PostgresServer.Mode;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.SequenceGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Transfers from eight threads while connections are lost in all ways: no call fails but
 * those whose outcome nobody can know, none is lost, none is applied twice.
 */
@SpringBootTest(webEnvironment = WebEnvironment.NONE,
		properties = { "resilientdb.retry.deadline=30s", "spring.flyway.enabled=false" })
class DisconnectStormIntegrationTests {

	private static final int ACCOUNTS = 20;

	private static final long OPENING_BALANCE = 1000;

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private static FaultProxy proxy;

	@Autowired
	private Transfers transfers;

	@Autowired
	private JdbcClient jdbc;

	@BeforeAll
	static void createSchema() throws Exception {
		try (Connection connection = DriverManager.getConnection(server.jdbcUrl(database), server.username(),
				server.password()); Statement statement = connection.createStatement()) {
			statement.execute("create table account (id bigint primary key, balance bigint not null)");
			statement.execute("create sequence entry_seq increment by 50");
			statement.execute("create table entry (id bigint primary key, transfer uuid not null, "
					+ "source bigint not null, target bigint not null, amount bigint not null)");
		}
	}

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		proxy = FaultProxy.inFrontOf(server);
		properties.add("spring.datasource.url", () -> proxy.jdbcUrl(database));
		properties.add("spring.datasource.username", server::username);
		properties.add("spring.datasource.password", server::password);
	}

	@AfterAll
	static void closeProxy() {
		proxy.close();
	}

	@BeforeEach
	void openAccounts() {
		this.jdbc.sql("truncate account, entry").update();
		for (long id = 1; id <= ACCOUNTS; id++) {
			this.jdbc.sql("insert into account values (?, ?)").param(id).param(OPENING_BALANCE).update();
		}
	}

	@Test
	void survivesTerminatedBackends() {
		try (StormLoad load = load()) {
			for (int i = 0; i < 20; i++) {
				load.awaitProgress(50);
				terminateBackends();
			}
			verify(load);
		}
	}

	@Test
	@Tag("soak")
	void survivesTerminatedBackendsTwiceASecond() {
		try (StormLoad load = load()) {
			AtomicInteger kills = new AtomicInteger();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.pollDelay(Duration.ofMillis(500))
				.pollInterval(Duration.ofMillis(500))
				.until(() -> {
					terminateBackends();
					return kills.incrementAndGet() == 20;
				});
			verify(load);
		}
	}

	private static void terminateBackends() {
		server.terminateSessions(database);
	}

	@Test
	void survivesRestarts() {
		server.assumeSupports(Capability.RESTART);
		try (StormLoad load = load()) {
			for (int i = 0; i < 4; i++) {
				load.awaitProgress(50);
				server.restart(Mode.FAST);
			}
			verify(load);
		}
	}

	@Test
	void survivesCrashes() {
		server.assumeSupports(Capability.RESTART);
		try (StormLoad load = load()) {
			for (int i = 0; i < 3; i++) {
				load.awaitProgress(50);
				server.restart(Mode.IMMEDIATE);
			}
			verify(load);
		}
	}

	@Test
	void survivesConnectionResets() {
		try (StormLoad load = load()) {
			for (int i = 0; i < 20; i++) {
				load.awaitProgress(50);
				proxy.reset();
			}
			verify(load);
		}
	}

	private StormLoad load() {
		return new StormLoad(this::transfer, Duration.ofMillis(100));
	}

	private void transfer(UUID id) {
		long source = ThreadLocalRandom.current().nextLong(1, ACCOUNTS + 1);
		long target = 1 + source % ACCOUNTS;
		this.transfers.transfer(new Entry(id, source, target, 1));
	}

	private void verify(StormLoad load) {
		load.finish();
		load.verify(this.jdbc.sql("select transfer from entry").query(UUID.class).list());
		assertThat(this.jdbc.sql("select sum(balance) from account").query(Long.class).single())
			.isEqualTo(ACCOUNTS * OPENING_BALANCE);
		System.out.printf("%d transfers, %d reruns, %d unknown%n", load.returned(),
				Transfers.attempts.getAndSet(0) - load.returned() - load.unknown(), load.unknown());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EntityScan(basePackageClasses = DisconnectStormIntegrationTests.class)
	@EnableJpaRepositories(basePackageClasses = DisconnectStormIntegrationTests.class,
			considerNestedRepositories = true)
	static class TestConfiguration {

		@Bean
		Transfers transfers(EntityManager entityManager, EntryRepository entries) {
			return new Transfers(entityManager, entries);
		}

	}

	static class Transfers {

		private static final AtomicInteger attempts = new AtomicInteger();

		private final EntityManager entityManager;

		private final EntryRepository entries;

		Transfers(EntityManager entityManager, EntryRepository entries) {
			this.entityManager = entityManager;
			this.entries = entries;
		}

		@RetryableTransaction
		void transfer(Entry entry) {
			attempts.incrementAndGet();
			Account first = lock(Math.min(entry.source, entry.target));
			Account second = lock(Math.max(entry.source, entry.target));
			Account source = (first.id == entry.source) ? first : second;
			Account target = (first.id == entry.source) ? second : first;
			source.balance -= entry.amount;
			target.balance += entry.amount;
			this.entries.save(entry);
		}

		private Account lock(long id) {
			return this.entityManager.find(Account.class, id, LockModeType.PESSIMISTIC_WRITE);
		}

	}

	interface EntryRepository extends JpaRepository<Entry, Long> {

	}

	@Entity(name = "account")
	static class Account {

		@Id
		long id;

		long balance;

	}

	@Entity(name = "entry")
	static class Entry {

		@Id
		@GeneratedValue
		@SequenceGenerator(sequenceName = "entry_seq")
		Long id;

		UUID transfer;

		long source;

		long target;

		long amount;

		protected Entry() {
		}

		Entry(UUID transfer, long source, long target, long amount) {
			this.transfer = transfer;
			this.source = source;
			this.target = target;
			this.amount = amount;
		}

	}

}
