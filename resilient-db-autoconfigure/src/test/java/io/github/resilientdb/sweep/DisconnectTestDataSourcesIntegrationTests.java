package io.github.resilientdb.sweep;

import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.test.DisconnectScenario;
import io.github.resilientdb.test.DisconnectTest;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

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
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The test kit with several data sources: two that it stands before, one with several
 * hosts, one without a URL, and one whose pool has started.
 */
@SpringBootTest(classes = DisconnectTestDataSourcesIntegrationTests.Application.class,
		webEnvironment = WebEnvironment.NONE, properties = "logging.level.root=error")
@DisconnectTest
class DisconnectTestDataSourcesIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String shop = server.createDatabase();

	private static final String archive = server.createDatabase();

	@Autowired
	private JdbcTemplate orders;

	@Autowired
	@Qualifier("archive")
	private DataSource second;

	@Autowired
	@Qualifier("severalHosts")
	private DataSource severalHosts;

	@Autowired
	@Qualifier("withoutUrl")
	private DataSource withoutUrl;

	@Autowired
	@Qualifier("started")
	private DataSource started;

	@Autowired
	private Archiving archiving;

	@AfterAll
	static void dropDatabases() {
		server.dropDatabase(shop);
		server.dropDatabase(archive);
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
	void saysWhichHaveNoProxyAndWhy(DisconnectScenario scenario) {
		for (DataSource dataSource : List.of(this.severalHosts, this.withoutUrl, this.started)) {
			assertThat(new JdbcTemplate(dataSource).queryForObject("select 1", int.class)).isEqualTo(1);
		}
		scenario.when(() -> new JdbcTemplate(this.severalHosts).queryForObject("select 1", int.class));
		assertThatIllegalStateException().isThrownBy(scenario::tests)
			.withMessageContaining("did not ask a database that a proxy stands before")
			.withMessageContaining("'severalHosts': jdbc:postgresql://")
			.withMessageContaining("'withoutUrl': it has no URL")
			.withMessageContaining("'started': its pool has started");
	}

	private void reset() {
		for (JdbcTemplate jdbc : List.of(this.orders, new JdbcTemplate(this.second))) {
			jdbc.execute("create table if not exists note (id bigserial primary key, text text); delete from note");
		}
	}

	static class Archiving {

		private final JdbcTemplate orders;

		private final JdbcTemplate archive;

		Archiving(DataSource orders, DataSource archive) {
			this.orders = new JdbcTemplate(orders);
			this.archive = new JdbcTemplate(archive);
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
			String url = server.jdbcUrl(shop);
			String address = server.host() + ":" + server.port();
			return pool(url.replace(address, address + "," + address));
		}

		@Bean
		HikariDataSource withoutUrl() {
			HikariDataSource pool = new HikariDataSource();
			pool.setDataSourceClassName("org.postgresql.ds.PGSimpleDataSource");
			pool.addDataSourceProperty("serverName", server.host());
			pool.addDataSourceProperty("portNumber", server.port());
			pool.addDataSourceProperty("databaseName", shop);
			return withCredentials(pool);
		}

		@Bean
		HikariDataSource started() {
			HikariConfig config = new HikariConfig();
			config.setJdbcUrl(server.jdbcUrl(shop));
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
		Archiving archiving(DataSource dataSource, @Qualifier("archive") DataSource archive) {
			return new Archiving(dataSource, archive);
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
