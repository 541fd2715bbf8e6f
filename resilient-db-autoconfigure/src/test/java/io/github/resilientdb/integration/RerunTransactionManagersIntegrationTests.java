package io.github.resilientdb.integration;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.integration.CommittingApplication.Kind;
import io.github.resilientdb.integration.CommittingApplication.Manager;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.PostgresServer;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Which transaction manager a retryable method uses, and which are refused.
 */
class RerunTransactionManagersIntegrationTests {

	private static RerunDatabase first;

	private static RerunDatabase second;

	@BeforeAll
	static void createDatabases() {
		first = new RerunDatabase();
		second = new RerunDatabase();
	}

	@AfterAll
	static void closeDatabases() {
		first.close();
		second.close();
	}

	@AfterEach
	void disarm() {
		first.disarm();
		second.disarm();
	}

	@Test
	void rerunsInTheDatabaseOfTheNamedTransactionManager() {
		try (ConfigurableApplicationContext context = run(TwoDatabases.class)) {
			Accounts accounts = context.getBean(Accounts.class);
			ArmedFault ofFirst = first.proxy().arm(Fault.DROP_REQUEST);
			second.proxy().arm(Fault.DROP_REQUEST);
			accounts.insertIntoSecond();
			second.awaitFaults();
			assertThat(ofFirst.isTaken()).isFalse();
			accounts.insertIntoFirst();
			first.awaitFaults();
			assertThat(accounts.rows(first)).isEqualTo(1);
			assertThat(accounts.rows(second)).isEqualTo(1);
			assertThat(accounts.runs()).isEqualTo(4);
		}
	}

	@Test
	void rerunsInTheDatabaseOfTheTemplatesTransactionManager() {
		try (ConfigurableApplicationContext context = run(TwoDatabases.class)) {
			JdbcTemplate jdbc = new JdbcTemplate(context.getBean("second", DataSource.class));
			jdbc.update("truncate note");
			second.proxy().arm(Fault.DROP_REQUEST);
			context.getBean(RetryableTransactionTemplate.class)
				.withTransactionManager(context.getBean("secondManager", PlatformTransactionManager.class))
				.executeWithoutResult((status) -> jdbc.update("insert into note (text) values ('template')"));
			second.awaitFaults();
			assertThat(jdbc.queryForList("select text from note", String.class)).containsExactly("template");
		}
	}

	@Test
	void repeatsTheWorkOfAnotherDataSourceOnlyIfAnnotated() {
		try (ConfigurableApplicationContext context = run(TwoDatabases.class, "--resilientdb.retry.methods=*")) {
			Transfers transfers = context.getBean(Transfers.class);
			first.proxy().arm(Fault.DROP_REQUEST);
			refuses(transfers::plain, "toSecond");
			first.proxy().arm(Fault.DROP_REQUEST);
			refuses(transfers::autoCommitted, "statements in auto-commit mode");
			assertThat(transfers.runs()).isEqualTo(2);
			first.awaitFaults();
			assertThat(transfers.entries()).containsExactly("second: plain", "second: auto-committed");
			first.proxy().arm(Fault.DROP_REQUEST);
			transfers.annotated();
			assertThat(transfers.entries()).containsExactly("first: annotated", "second: plain",
					"second: auto-committed", "second: annotated", "second: annotated");
		}
	}

	/**
	 * What the documentation warns of: the inner transaction commits the connection that
	 * both share, so that what the outer one wrote can't be taken back.
	 */
	@Test
	void doesNotRepeatWhatAnotherManagerCommittedOnTheSharedConnection() {
		AtomicInteger attempts = new AtomicInteger();
		try (CommittingApplication application = CommittingApplication.start(false)) {
			CommittingApplication.Notes notes = application.notes();
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> application.run(Manager.JPA, Kind.RETRYABLE, () -> {
					attempts.incrementAndGet();
					notes.write(Manager.JDBC, "outer");
					application.run(Manager.JDBC, Kind.PLAIN, () -> notes.read(Manager.JDBC));
					application.proxy().cut();
					return notes.read(Manager.JDBC);
				}));
			assertThat(attempts).hasValue(1);
			assertThat(application.count("outer")).isOne();
		}
	}

	private static void refuses(Runnable call, String work) {
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(call::run)
			.withMessageContaining("was not committed, and is not rerun")
			.withMessageContaining(work)
			.withMessageContaining("annotate the method with @RetryableTransaction");
	}

	@Test
	void refusesJta() {
		try (ConfigurableApplicationContext context = run(Jta.class)) {
			assertThatExceptionOfType(IllegalTransactionStateException.class)
				.isThrownBy(context.getBean(Work.class)::fail)
				.withMessageContaining("Work.fail' is retryable")
				.withMessageContaining("'jta'")
				.withMessageContaining("resilientdb.retry.jta=true");
			assertThatExceptionOfType(IllegalTransactionStateException.class)
				.isThrownBy(() -> context.getBean(RetryableTransactionTemplate.class)
					.executeWithoutResult((status) -> context.getBean(Work.class).count()));
			assertThat(context.getBean(Work.class).runs()).isZero();
		}
	}

	@Test
	void leavesOtherJtaTransactionsAlone() throws Exception {
		try (ConfigurableApplicationContext context = run(Jta.class)) {
			context.getBean(Work.class).plain();
			then(context.getBean(UserTransaction.class)).should().commit();
		}
	}

	@Test
	void rerunsJtaIfToldTo() throws Exception {
		try (ConfigurableApplicationContext context = run(Jta.class, "--resilientdb.retry.jta=true")) {
			context.getBean(Work.class).fail();
			assertThat(context.getBean(Work.class).runs()).isEqualTo(2);
			UserTransaction transaction = context.getBean(UserTransaction.class);
			then(transaction).should(times(2)).begin();
			then(transaction).should().rollback();
			then(transaction).should().commit();
		}
	}

	private static ConfigurableApplicationContext run(Class<?> configuration, String... arguments) {
		return new SpringApplicationBuilder(configuration).web(WebApplicationType.NONE)
			.properties("spring.main.banner-mode=off", "spring.flyway.enabled=false", "first=" + first.url(),
					"second=" + second.url(), "spring.datasource.url=" + first.url(),
					"spring.datasource.username=" + PostgresServer.shared().username(),
					"spring.datasource.password=" + PostgresServer.shared().password())
			.run(arguments);
	}

	static class Accounts {

		private final JdbcTemplate first;

		private final JdbcTemplate second;

		private int runs;

		Accounts(@Qualifier("first") DataSource first, @Qualifier("second") DataSource second) {
			this.first = new JdbcTemplate(first);
			this.second = new JdbcTemplate(second);
		}

		@RetryableTransaction
		void insertIntoFirst() {
			this.runs++;
			this.first.update("insert into note (text) values ('first')");
		}

		@RetryableTransaction(transactionManager = "secondManager")
		void insertIntoSecond() {
			this.runs++;
			this.second.update("insert into note (text) values ('second')");
		}

		int runs() {
			return this.runs;
		}

		int rows(RerunDatabase database) {
			JdbcTemplate jdbc = (database == RerunTransactionManagersIntegrationTests.first) ? this.first : this.second;
			Integer rows = jdbc.queryForObject("select count(*) from note where text in ('first', 'second')",
					Integer.class);
			return (rows != null) ? rows : -1;
		}

	}

	/**
	 * Writes to both, and commits to the second first.
	 */
	static class Transfers {

		private final JdbcTemplate first;

		private final JdbcTemplate second;

		private final TransactionTemplate toSecond;

		private int runs;

		Transfers(@Qualifier("first") DataSource first, @Qualifier("second") DataSource second,
				@Qualifier("secondManager") PlatformTransactionManager secondManager) {
			this.first = new JdbcTemplate(first);
			this.second = new JdbcTemplate(second);
			this.toSecond = new TransactionTemplate(secondManager);
			this.toSecond.setName("toSecond");
			this.first.update("delete from note");
			this.second.update("delete from note");
		}

		@Transactional
		public void plain() {
			this.runs++;
			insert(this.first, "plain");
			this.toSecond.executeWithoutResult((status) -> insert(this.second, "plain"));
		}

		@Transactional
		public void autoCommitted() {
			this.runs++;
			insert(this.first, "auto-committed");
			insert(this.second, "auto-committed");
		}

		@RetryableTransaction
		public void annotated() {
			this.runs++;
			insert(this.first, "annotated");
			this.toSecond.executeWithoutResult((status) -> insert(this.second, "annotated"));
		}

		private static void insert(JdbcTemplate jdbc, String text) {
			jdbc.update("insert into note (text) values (?)", text);
		}

		int runs() {
			return this.runs;
		}

		List<String> entries() {
			String select = "select '%s: ' || text from note order by id";
			return Stream.of("first", "second")
				.flatMap((name) -> (name.equals("first") ? this.first : this.second)
					.queryForList(select.formatted(name), String.class)
					.stream())
				.toList();
		}

	}

	static class Work {

		private int runs;

		@RetryableTransaction
		void fail() {
			if (++this.runs == 1) {
				throw new DataAccessResourceFailureException("lost", new java.sql.SQLException("lost", "57P01"));
			}
		}

		@Transactional
		void plain() {
			this.runs++;
		}

		void count() {
			this.runs++;
		}

		int runs() {
			return this.runs;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	@Import({ Accounts.class, Transfers.class })
	static class TwoDatabases {

		@Bean
		@Primary
		HikariDataSource first(Environment environment) {
			return dataSource(environment.getRequiredProperty("first"));
		}

		@Bean(defaultCandidate = false)
		HikariDataSource second(Environment environment) {
			return dataSource(environment.getRequiredProperty("second"));
		}

		@Bean
		@Primary
		JdbcTransactionManager firstManager(@Qualifier("first") DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		JdbcTransactionManager secondManager(@Qualifier("second") DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		private static HikariDataSource dataSource(String url) {
			return DataSourceBuilder.create()
				.type(HikariDataSource.class)
				.url(url)
				.username(PostgresServer.shared().username())
				.password(PostgresServer.shared().password())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(
			exclude = { HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class })
	@Import(Work.class)
	static class Jta {

		@Bean
		UserTransaction userTransaction() throws Exception {
			UserTransaction transaction = mock();
			AtomicInteger status = new AtomicInteger(Status.STATUS_NO_TRANSACTION);
			given(transaction.getStatus()).willAnswer((call) -> status.get());
			willAnswer((call) -> set(status, Status.STATUS_ACTIVE)).given(transaction).begin();
			willAnswer((call) -> set(status, Status.STATUS_NO_TRANSACTION)).given(transaction).commit();
			willAnswer((call) -> set(status, Status.STATUS_NO_TRANSACTION)).given(transaction).rollback();
			return transaction;
		}

		private static @Nullable Object set(AtomicInteger status, int value) {
			status.set(value);
			return null;
		}

		@Bean
		JtaTransactionManager jta(UserTransaction userTransaction) {
			return new JtaTransactionManager(userTransaction);
		}

	}

}
