package io.github.resilientdb.retry.repository;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

import javax.sql.DataSource;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Statements;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.TransactionDefinition;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a repository inherits is rerun if its interface is annotated, whoever implements
 * it.
 */
class RetryableRepositoriesIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private static final FaultProxy proxy = FaultProxy.inFrontOf(server);

	@BeforeAll
	static void createTable() {
		JdbcTemplate jdbc = new JdbcTemplate(
				new DriverManagerDataSource(server.jdbcUrl(database), server.username(), server.password()));
		jdbc.execute("create table item (id bigserial primary key, name varchar not null)");
	}

	@AfterAll
	static void close() {
		proxy.close();
		server.dropDatabase(database);
	}

	@ParameterizedTest
	@EnumSource
	void areRerunWithWhatTheyInherit(Kind kind) {
		try (ConfigurableApplicationContext context = run(kind)) {
			ItemRepository items = context.getBean(ItemRepository.class);
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			Attempts attempts = context.getBean(Attempts.class);
			jdbc.execute("truncate item");
			losing(1, Fault.DROP_REQUEST, Statements.commit(), () -> items.save(Item.named("saved")));
			losing(2, Fault.END_SESSION, Statements.containing("insert into"),
					() -> items.saveAll(List.of(Item.named("a"), Item.named("b"))));
			assertThat(attempts.calls).containsExactly("save", "save", "saveAll", "saveAll");
			assertThat(attempts.transactions).containsOnly("27 s").hasSize(4);
			assertThat(names(jdbc)).containsExactly("a", "b", "saved");
			attempts.clear();
			List<Item> found = new ArrayList<>();
			losing(1, Fault.END_SESSION, Statements.containing("item"), () -> found.addAll(items.findAll()));
			assertThat(found).hasSize(3);
			losing(1, Fault.DROP_REQUEST, Statements.commit(),
					() -> items.deleteById(Objects.requireNonNull(found.get(0).id)));
			assertThat(attempts.calls).containsExactly("findAll", "findAll", "deleteById", "deleteById");
			assertThat(attempts.transactions).containsExactly("read-only 27 s", "read-only 27 s", "27 s", "27 s");
			losing(1, Fault.DROP_RESPONSE, Statements.commit(), () -> items.delete(found.get(1)));
			assertThat(attempts.calls).hasSize(5);
			assertThat(names(jdbc)).containsExactly(found.get(2).name);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("resilientdb.transaction.retries").counters())
				.extracting((counter) -> counter.getId().getTag("method"))
				.contains("save", "saveAll", "findAll", "deleteById", "delete")
				.doesNotContain("toString", "getTargetSource", "isFrozen");
		}
	}

	private static List<String> names(JdbcTemplate jdbc) {
		return jdbc.queryForList("select name from item order by name", String.class);
	}

	private static void losing(int occurrence, Fault fault, Predicate<String> statement, Runnable call) {
		ArmedFault armed = proxy.arm(fault, statement, occurrence);
		call.run();
		armed.await(Duration.ofSeconds(60));
		proxy.disarm();
	}

	private static ConfigurableApplicationContext run(Kind kind) {
		return new SpringApplicationBuilder(kind.application).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "spring.flyway.enabled=false",
					"spring.datasource.url=" + proxy.jdbcUrl(database),
					"spring.datasource.username=" + server.username(),
					"spring.datasource.password=" + server.password())
			.run();
	}

	/**
	 * Who implements the repository.
	 */
	enum Kind {

		JPA(Jpa.class), JDBC(Jdbc.class);

		private final Class<?> application;

		Kind(Class<?> application) {
			this.application = application;
		}

	}

	static class Attempts implements AttemptListener {

		private final List<String> calls = new ArrayList<>();

		private final List<String> transactions = new ArrayList<>();

		@Override
		public void attemptStarting(String call) {
			this.calls.add(call.substring(call.lastIndexOf('.') + 1));
		}

		void begin(TransactionDefinition definition) {
			this.transactions.add((definition.isReadOnly() ? "read-only " : "") + definition.getTimeout() + " s");
		}

		void clear() {
			this.calls.clear();
			this.transactions.clear();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = DataJdbcRepositoriesAutoConfiguration.class)
	static class Jpa {

		@Bean
		Attempts attempts() {
			return new Attempts();
		}

		@Bean
		JpaTransactionManager transactionManager(EntityManagerFactory factory, Attempts attempts) {
			return new JpaTransactionManager(factory) {
				@Override
				protected void doBegin(Object transaction, TransactionDefinition definition) {
					attempts.begin(definition);
					super.doBegin(transaction, definition);
				}
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	static class Jdbc {

		@Bean
		Attempts attempts() {
			return new Attempts();
		}

		@Bean
		JdbcTransactionManager transactionManager(DataSource dataSource, Attempts attempts) {
			return new JdbcTransactionManager(dataSource) {
				@Override
				protected void doBegin(Object transaction, TransactionDefinition definition) {
					attempts.begin(definition);
					super.doBegin(transaction, definition);
				}
			};
		}

	}

}
