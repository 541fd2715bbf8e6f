package io.github.resilientdb.sweep;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.test.Disconnects;
import io.github.resilientdb.test.FaultKind;
import io.github.resilientdb.testsupport.Ports;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The test kit with several data sources: two with a URL, one with several hosts, one
 * with a class name, and three that it can't stand before.
 */
@SpringBootTest(classes = DisconnectTestDataSourcesIntegrationTests.Application.class,
		webEnvironment = WebEnvironment.NONE, properties = "logging.level.root=error")
@DisconnectTest
class DisconnectTestDataSourcesIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String shop = server.createDatabase();

	private static final String archive = server.createDatabase();

	private static final String attic = server.createDatabase();

	@Autowired
	private JdbcTemplate orders;

	@Autowired
	@Qualifier("archive")
	private DataSource second;

	@Autowired
	@Qualifier("severalHosts")
	private DataSource severalHosts;

	@Autowired
	@Qualifier("byClass")
	private DataSource byClass;

	@Autowired
	@Qualifier("anotherClass")
	private DataSource anotherClass;

	@Autowired
	@Qualifier("started")
	private DataSource started;

	@Autowired
	@Qualifier("startedElsewhere")
	private DataSource third;

	@Autowired
	private Archiving archiving;

	@Autowired
	private RetryableTransactionTemplate template;

	@AfterAll
	static void dropDatabases() {
		server.dropDatabase(shop);
		server.dropDatabase(archive);
		server.dropDatabase(attic);
	}

	@TestFactory
	Stream<DynamicTest> readsOneAndWritesTheOther(DisconnectScenario scenario) {
		List<DynamicTest> tests = scenario.given(this::reset).when(this.archiving::archive).tests().toList();
		assertThat(tests).extracting(DynamicTest::getDisplayName)
			.anyMatch((name) -> name.endsWith("select count(*) from note [dataSource]"))
			.anyMatch((name) -> name.endsWith("insert into note (text) values ($1) [archive]"));
		return tests.stream();
	}

	@Test
	void findsWhatIsDoneTwiceInTheOtherOne(DisconnectScenario scenario) {
		scenario.given(this::reset).when(this.archiving::archiveApart);
		assertThat(Failures.of(scenario))
			.anySatisfy((message) -> assertThat(message).startsWith("duplicated").contains("+ id="));
	}

	@Test
	void findsWhatIsDoneTwiceInOneThatHasNoProxy(DisconnectScenario scenario) {
		scenario.given(this::reset).when(this.archiving::archiveWithoutProxy).kinds(FaultKind.REPLY_LOST);
		assertThat(Failures.of(scenario)).isNotEmpty()
			.allSatisfy((message) -> assertThat(message).startsWith("duplicated")
				.contains("text=beside", "No faults, only rows are compared: data source 'startedElsewhere' (its pool",
						"Not looked at: data source 'anotherClass' (its dataSourceClassName"));
	}

	@TestFactory
	Stream<DynamicTest> breaksTheServerThatIsThereOfSeveral(DisconnectScenario scenario) {
		return survivesEveryDisconnect(scenario, this.severalHosts);
	}

	@TestFactory
	Stream<DynamicTest> breaksConnectionsThatAClassMakes(DisconnectScenario scenario) {
		return survivesEveryDisconnect(scenario, this.byClass);
	}

	private Stream<DynamicTest> survivesEveryDisconnect(DisconnectScenario scenario, DataSource dataSource) {
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		RetryableTransactionTemplate retrying = this.template
			.withTransactionManager(new JdbcTransactionManager(dataSource));
		List<DynamicTest> tests = scenario.given(this::reset)
			.when(() -> retrying.execute((status) -> jdbc.update("insert into note (text) values ('a')")))
			.withoutKinds(FaultKind.SILENT)
			.tests()
			.toList();
		assertThat(tests).hasSizeGreaterThan(6);
		return tests.stream();
	}

	@Test
	void findsWhatIsNotRerunThere(DisconnectScenario scenario) {
		JdbcTemplate jdbc = new JdbcTemplate(this.severalHosts);
		scenario.given(this::reset)
			.when(() -> jdbc.update("insert into note (text) values ('a')"))
			.kinds(FaultKind.REQUEST_LOST, FaultKind.REPLY_LOST);
		assertThat(Failures.of(scenario)).satisfiesExactly(
				(message) -> assertThat(message).startsWith("failed, nothing changed"),
				(message) -> assertThat(message).startsWith("failed, but changed something"));
	}

	@Test
	void singleFaultsReachAllOfThem(Disconnects disconnects) {
		reset();
		for (DataSource dataSource : List.of(this.severalHosts, this.byClass)) {
			JdbcTemplate jdbc = new JdbcTemplate(dataSource);
			AtomicInteger attempts = new AtomicInteger();
			disconnects.at(FaultKind.REQUEST_LOST, "insert into note");
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> jdbc.update("insert into note (text) values ('a')"));
			disconnects.at(FaultKind.STANDBY, "insert into note");
			this.template.withTransactionManager(new JdbcTransactionManager(dataSource))
				.executeWithoutResult((status) -> {
					int attempt = attempts.incrementAndGet();
					jdbc.update("insert into note (text) values ('b')");
					if (attempt == 2) {
						assertThat(disconnects.endSessions()).isPositive();
					}
				});
			assertThat(attempts).hasValue(3);
			assertThat(jdbc.queryForList("select text from note", String.class)).containsExactly("b");
			jdbc.update("delete from note");
		}
	}

	@Test
	void saysWhichHaveNoProxyAndWhy(DisconnectScenario scenario) {
		assertThat(new JdbcTemplate(this.started).queryForObject("select 1", int.class)).isEqualTo(1);
		scenario.when(() -> new JdbcTemplate(this.anotherClass).queryForObject("select 1", int.class));
		assertThatIllegalStateException().isThrownBy(scenario::tests)
			.withMessageContaining("did not ask a database that a proxy stands before")
			.withMessageContaining("'anotherClass': its dataSourceClassName (" + AnotherDataSource.class.getName())
			.withMessageContaining("spring.datasource.url=jdbc:postgresql://")
			.withMessageContaining("'started': its pool has started");
	}

	private void reset() {
		for (JdbcTemplate jdbc : List.of(this.orders, new JdbcTemplate(this.second), new JdbcTemplate(this.third))) {
			jdbc.execute("create table if not exists note (id bigserial primary key, text text); delete from note");
		}
	}

	/**
	 * A class that the kit does not know.
	 */
	public static class AnotherDataSource extends PGSimpleDataSource {

	}

	static class Archiving {

		private final JdbcTemplate orders;

		private final JdbcTemplate archive;

		private final JdbcTemplate withoutProxy;

		Archiving(DataSource orders, DataSource archive, DataSource withoutProxy) {
			this.orders = new JdbcTemplate(orders);
			this.archive = new JdbcTemplate(archive);
			this.withoutProxy = new JdbcTemplate(withoutProxy);
		}

		@RetryableTransaction
		int archiveWithoutProxy() {
			this.orders.queryForObject("select count(*) from note", int.class);
			this.withoutProxy.update("insert into note (text) values ('beside')");
			return this.orders.update("insert into note (text) values ('in')");
		}

		@RetryableTransaction(transactionManager = "archiveTransactions")
		int archive() {
			int count = this.orders.queryForObject("select count(*) from note", int.class);
			return this.archive.update("insert into note (text) values (?)", "archived " + count);
		}

		@RetryableTransaction
		int archiveApart() {
			this.archive.update("insert into note (text) values ('apart')");
			return this.orders.update("insert into note (text) values ('in')");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { HibernateJpaAutoConfiguration.class,
			DataJpaRepositoriesAutoConfiguration.class, FlywayAutoConfiguration.class })
	static class Application {

		@Bean
		@Primary
		HikariDataSource dataSource() {
			return pool(server.jdbcUrl(shop));
		}

		@Bean
		HikariDataSource archive() {
			return pool(server.jdbcUrl(archive));
		}

		@Bean
		HikariDataSource severalHosts() {
			String address = server.host() + ":" + server.port();
			return pool(server.jdbcUrl(shop).replace(address, "127.0.0.1:" + Ports.free() + "," + address));
		}

		@Bean
		HikariDataSource byClass() {
			return ofClass(PGSimpleDataSource.class);
		}

		@Bean
		HikariDataSource anotherClass() {
			return ofClass(AnotherDataSource.class);
		}

		private static HikariDataSource ofClass(Class<?> type) {
			HikariDataSource pool = new HikariDataSource();
			pool.setDataSourceClassName(type.getName());
			pool.addDataSourceProperty("serverName", server.host());
			pool.addDataSourceProperty("portNumber", server.port());
			pool.addDataSourceProperty("databaseName", shop);
			return withCredentials(pool);
		}

		@Bean
		HikariDataSource started() {
			return started(server.jdbcUrl(shop));
		}

		@Bean
		HikariDataSource startedElsewhere() {
			return started(server.jdbcUrl(attic));
		}

		private static HikariDataSource started(String url) {
			HikariConfig config = new HikariConfig();
			config.setJdbcUrl(url);
			withCredentials(config);
			return new HikariDataSource(config);
		}

		@Bean
		@Primary
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		PlatformTransactionManager archiveTransactions(@Qualifier("archive") DataSource archive) {
			return new JdbcTransactionManager(archive);
		}

		@Bean
		JdbcTemplate orders(DataSource dataSource) {
			return new JdbcTemplate(dataSource);
		}

		@Bean
		Archiving archiving(DataSource dataSource, @Qualifier("archive") DataSource archive,
				@Qualifier("startedElsewhere") DataSource startedElsewhere) {
			return new Archiving(dataSource, archive, startedElsewhere);
		}

		private static HikariDataSource pool(String url) {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(url);
			return withCredentials(pool);
		}

		private static <T extends HikariConfig> T withCredentials(T pool) {
			pool.setUsername(server.username());
			pool.setPassword(server.password());
			pool.setMaximumPoolSize(2);
			return pool;
		}

	}

}
