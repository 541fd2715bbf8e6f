package io.github.resilientdb.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for how the verification of lost COMMITs is chosen at start-up, and what is said
 * about it.
 */
@ExtendWith(OutputCaptureExtension.class)
class CommitStartupIntegrationTests {

	private static final String CHOSEN = "Lost COMMITs of DataSource 'dataSource' are verified by ";

	private static final String INSERT = "INSERT INTO resilientdb_commit_marker (id, status, at) "
			+ "SELECT ('00000000-0000-7000-8000-' || lpad((%d + i)::text, 12, '0'))::uuid, '%s', now() - interval '%s' "
			+ "FROM generate_series(1, %d) i";

	private static final PostgresServer server = PostgresServer.shared();

	private String database;

	private String role;

	@BeforeEach
	void createDatabase() {
		this.database = server.createDatabase();
		this.role = "role_" + this.database;
	}

	@AfterEach
	void dropDatabase() {
		server.dropDatabase(this.database);
		server.execute("drop role if exists " + this.role);
	}

	private ConfigurableApplicationContext start(String... properties) {
		return start(Application.class, WebApplicationType.NONE, server.jdbcUrl(this.database), properties);
	}

	private ConfigurableApplicationContext start(Class<?> source, WebApplicationType type, String url,
			String... properties) {
		List<String> arguments = new ArrayList<>();
		arguments.add("--spring.datasource.url=" + url);
		arguments.add("--spring.datasource.username=" + server.username());
		arguments.add("--spring.datasource.password=" + server.password());
		arguments.add("--spring.flyway.enabled=false");
		arguments.add("--spring.main.banner-mode=off");
		arguments.add("--server.port=0");
		for (String property : properties) {
			arguments.removeIf((argument) -> argument.startsWith("--" + property.split("=")[0] + "="));
			arguments.add("--" + property);
		}
		return new SpringApplicationBuilder(source).web(type).run(arguments.toArray(String[]::new));
	}

	/**
	 * Start an application, have it connect, and stop it.
	 */
	private void run(String... properties) {
		try (ConfigurableApplicationContext context = start(properties)) {
			context.getBean(JdbcTemplate.class).execute("select 1");
		}
	}

	private void execute(String... statements) {
		server.executeIn(this.database, statements);
	}

	private int count(String sql) {
		try (Connection connection = DriverManager.getConnection(server.jdbcUrl(this.database), server.username(),
				server.password());
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			rows.next();
			return rows.getInt(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String script() {
		try {
			return new ClassPathResource("io/github/resilientdb/commit/postgresql/resilientdb-commit-marker.sql")
				.getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void xidIsChosenWithoutATable(CapturedOutput output) {
		run();
		assertThat(output).containsOnlyOnce(CHOSEN)
			.contains(CHOSEN + "xid: there is no marker table \"resilientdb_commit_marker\" in the search path; "
					+ "one round trip per transaction that may have written");
	}

	@Test
	void markerIsChosenWithATable(CapturedOutput output) {
		execute(script());
		run();
		assertThat(output).containsOnlyOnce(CHOSEN)
			.contains(CHOSEN + "marker: table \"public\".\"resilientdb_commit_marker\" exists and may be used; "
					+ "no round trip, one small row per transaction that has written");
	}

	@Test
	void xidIsChosenWhereTheTableMayNotBeUsed(CapturedOutput output) {
		execute(script(), "create role " + this.role + " login password 'postgres'");
		run("spring.datasource.username=" + this.role);
		assertThat(output).containsOnlyOnce(CHOSEN)
			.contains(CHOSEN + "xid: the role \"" + this.role + "\" has no right to SELECT on TABLE \"public\"."
					+ "\"resilientdb_commit_marker\"; one round trip per transaction");
	}

	@Test
	void firstConnectionMakesTheChoice(CapturedOutput output) {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				ConfigurableApplicationContext context = start(Application.class, WebApplicationType.NONE,
						proxy.jdbcUrl(this.database), "spring.datasource.hikari.maximum-pool-size=1")) {
			assertThat(proxy.openConnections()).isZero();
			assertThat(context.getBean(HikariDataSource.class).isRunning()).isFalse();
			transact(context);
			assertThat(output).containsOnlyOnce(CHOSEN + "xid");
			assertThat(proxy.traffic().connections()).isOne();
		}
	}

	@Test
	void connectionLostMeanwhileIsReplaced(CapturedOutput output) {
		execute(script());
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				ConfigurableApplicationContext context = start(Application.class, WebApplicationType.NONE,
						proxy.jdbcUrl(this.database))) {
			ArmedFault fault = proxy.arm(Fault.DROP_RESPONSE, (sql) -> sql.contains("has_table_privilege"), 1);
			transact(context);
			fault.await(Duration.ofSeconds(10));
			assertThat(output).containsOnlyOnce(CHOSEN + "marker");
		}
	}

	@Test
	void noneIsSaidToo(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start("resilientdb.commit.verification=none")) {
			assertThat(output).doesNotContain(CHOSEN); // not worth a connection
			assertThat(context.getBean(HikariDataSource.class).isRunning()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "retryable", "all" })
	void migrationMayCreateTheTable(String scope, CapturedOutput output, @TempDir Path migrations) throws Exception {
		Files.writeString(migrations.resolve("V1__first.sql"), "create table first (id int);");
		Files.writeString(migrations.resolve("V2__resilientdb_commit_marker.sql"), script());
		start("spring.flyway.enabled=true", "spring.flyway.locations=filesystem:" + migrations,
				"resilientdb.commit.scope=" + scope)
			.close();
		assertThat(output).containsOnlyOnce(CHOSEN + "marker: table");
	}

	@Test
	void tableIsCreatedAfterTheMigrationsIfAskedFor(CapturedOutput output, @TempDir Path migrations) throws Exception {
		Files.writeString(migrations.resolve("V1__first.sql"), "create table first (id int);");
		String[] properties = { "spring.flyway.enabled=true", "spring.flyway.locations=filesystem:" + migrations,
				"resilientdb.commit.marker.initialize-schema=always" };
		start(properties).close();
		assertThat(output).containsOnlyOnce("Created the commit marker table")
			.containsOnlyOnce(CHOSEN + "marker: table");
		start(properties).close();
		assertThat(output).containsOnlyOnce("Created the commit marker table");
	}

	@Test
	void tableThatMayNotBeCreatedStopsStartUp(CapturedOutput output) {
		execute("create role " + this.role + " login password 'postgres'",
				"revoke create on schema public from public");
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start("resilientdb.commit.marker.initialize-schema=always",
					"spring.datasource.username=" + this.role));
		assertThat(output).contains("APPLICATION FAILED TO START", "its table can't be created",
				"set initialize-schema to 'never'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "never", "embedded" })
	void tableIsNotCreatedUnlessAskedFor(String mode, CapturedOutput output) {
		run("resilientdb.commit.marker.initialize-schema=" + mode);
		assertThat(output).containsOnlyOnce(CHOSEN + "xid");
	}

	@Test
	void schemaScriptMayCreateTheTable(CapturedOutput output) {
		start("spring.sql.init.mode=always",
				"spring.sql.init.schema-locations=classpath:io/github/resilientdb/commit/postgresql/"
						+ "resilientdb-commit-marker.sql",
				"spring.sql.init.separator=^^^ END OF SCRIPT ^^^")
			.close();
		assertThat(output).containsOnlyOnce(CHOSEN + "marker: table");
	}

	@Test
	void missingTableStopsStartUpBeforeTheWebServer(CapturedOutput output) {
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> start(WebApplication.class,
				WebApplicationType.SERVLET, server.jdbcUrl(this.database), "resilientdb.commit.verification=marker"));
		assertThat(output)
			.contains("APPLICATION FAILED TO START", "Lost COMMITs of DataSource 'dataSource' can't be verified",
					"Property: resilientdb.commit.verification", "Value: marker",
					"Reason: there is no marker table \"resilientdb_commit_marker\" in the search path",
					"Run this, in a migration for example:", "CREATE TABLE IF NOT EXISTS", "CREATE OR REPLACE FUNCTION",
					"resilientdb.datasources.dataSource.enabled=false")
			.doesNotContain("Tomcat started");
	}

	@Test
	void namesThePropertiesOfATableThatCannotBeCreated(CapturedOutput output) {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start("resilientdb.commit.marker.schema=nope",
					"resilientdb.commit.marker.initialize-schema=always"));
		assertThat(output)
			.containsSubsequence("    Property: resilientdb.commit.marker.initialize-schema\n", "    Value: always\n",
					"    Origin: \"resilientdb.commit.marker.initialize-schema\" from",
					"    Property: resilientdb.commit.marker.schema\n", "    Value: nope\n",
					"    Origin: \"resilientdb.commit.marker.schema\" from", "    Reason: its table can't be created",
					"schema \"nope\" does not exist", "Or set resilientdb.commit.marker.schema")
			.doesNotContain("Property: resilientdb.commit.verification", "'auto'");
	}

	@Test
	void actionNamesTheTableThatIsConfigured(CapturedOutput output) {
		execute("create schema own");
		String[] properties = { "resilientdb.commit.verification=marker", "resilientdb.commit.marker.schema=own",
				"resilientdb.commit.marker.table=Outcomes" };
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> start(properties));
		String action = output.toString();
		String sql = action.substring(action.indexOf("--liquibase formatted sql"), action.lastIndexOf("Or set"));
		execute(sql);
		start(properties).close();
		assertThat(output).contains(CHOSEN + "marker: table \"own\".\"Outcomes\" exists");
	}

	@Test
	void missingRightsStopStartUp(CapturedOutput output) {
		execute(script(), "create role " + this.role + " login password 'postgres'",
				"grant select, insert, update on resilientdb_commit_marker to " + this.role,
				"grant execute on function resilientdb_commit_marker_set(uuid) to " + this.role);
		String[] properties = { "resilientdb.commit.verification=marker", "spring.datasource.username=" + this.role };
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> start(properties));
		String grant = "GRANT DELETE ON TABLE \"public\".\"resilientdb_commit_marker\" TO \"" + this.role + "\";";
		assertThat(output).contains("APPLICATION FAILED TO START", "Reason: the role \"" + this.role
				+ "\" has no right to DELETE on TABLE \"public\".\"resilientdb_commit_marker\"", grant);
		execute(grant);
		start(properties).close();
		assertThat(output).containsOnlyOnce(CHOSEN + "marker");
	}

	@Test
	void documentedRightsAreEnough(CapturedOutput output) {
		execute("create schema own", "set search_path = own; " + script(), "create table own.first (id int)",
				"create role " + this.role + " login password 'postgres'",
				"alter role " + this.role + " set search_path = own", "grant usage on schema own to " + this.role,
				"grant select, insert, update, delete on own.resilientdb_commit_marker to " + this.role,
				"grant execute on function own.resilientdb_commit_marker_set(uuid) to " + this.role,
				"grant insert on own.first to " + this.role);
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				ConfigurableApplicationContext context = start(Application.class, WebApplicationType.NONE,
						proxy.jdbcUrl(this.database), "resilientdb.commit.verification=marker",
						"spring.datasource.username=" + this.role)) {
			assertThat(output).containsOnlyOnce(CHOSEN + "marker: table \"own\"");
			for (Fault lost : List.of(Fault.DROP_RESPONSE, Fault.DROP_REQUEST_SERVER_OPEN)) {
				ArmedFault fault = proxy.arm(lost);
				context.getBean(RetryableTransactionTemplate.class)
					.executeWithoutResult(
							(status) -> context.getBean(JdbcTemplate.class).update("insert into first values (1)"));
				fault.await(Duration.ofSeconds(10));
			}
			assertThat(count("select count(*) from own.first")).isEqualTo(2);
			CommitStartup startup = frequent(context);
			execute("set search_path = own; " + INSERT.formatted(0, "C", "2 hours", 10));
			startup.start();
			Awaitility.await().until(() -> count("select count(*) from own.resilientdb_commit_marker") == 3);
			startup.stop();
		}
	}

	@Test
	void unreachableDatabaseDelaysTheChoice(CapturedOutput output) {
		execute(script());
		try (FaultProxy proxy = FaultProxy.inFrontOf(server)) {
			proxy.refuse();
			try (ConfigurableApplicationContext context = start(Application.class, WebApplicationType.NONE,
					proxy.jdbcUrl(this.database), "resilientdb.commit.verification=marker")) {
				assertThat(output).doesNotContain(CHOSEN)
					.containsOnlyOnce("How lost COMMITs of DataSource 'dataSource' are verified will be chosen later");
				proxy.accept();
				Awaitility.await().ignoreExceptions().until(() -> transact(context));
				assertThat(output).containsOnlyOnce(CHOSEN + "marker");
				assertThat(cleaners()).isOne();
			}
			Awaitility.await().until(() -> cleaners() == 0);
		}
	}

	@Test
	void silentDatabaseDelaysStartUpOnlyBriefly(CapturedOutput output) {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server)) {
			proxy.blackHoleEverything();
			long start = System.nanoTime();
			start(Application.class, WebApplicationType.NONE, proxy.jdbcUrl(this.database),
					"resilientdb.commit.verification=xid", "resilientdb.pool.timeout=60s",
					"resilientdb.retry.deadline=60s")
				.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
			assertThat(output).contains("will be chosen later");
		}
	}

	private static boolean transact(ConfigurableApplicationContext context) {
		return context.getBean(RetryableTransactionTemplate.class)
			.execute((status) -> context.getBean(JdbcTemplate.class).queryForObject("select true", Boolean.class));
	}

	private static long cleaners() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.isAlive() && thread.getName().startsWith("resilientdb-clean-up-"))
			.count();
	}

	@Test
	void eachPoolHasItsChoice(CapturedOutput output) {
		execute(script());
		try (ConfigurableApplicationContext context = start(TwoPools.class, WebApplicationType.NONE,
				server.jdbcUrl(this.database), "second.url=" + server.jdbcUrl("postgres"))) {
			context.getBeansOfType(DataSource.class)
				.values()
				.forEach((pool) -> new JdbcTemplate(pool).execute("select 1"));
		}
		assertThat(output).containsOnlyOnce("Lost COMMITs of DataSource 'first' are verified by marker")
			.containsOnlyOnce("Lost COMMITs of DataSource 'second' are verified by xid");
	}

	@Test
	void rollbackOnCommitFailureIsRefused(CapturedOutput output) {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start("spring.transaction.rollback-on-commit-failure=true"));
		assertThat(output).contains("APPLICATION FAILED TO START",
				"Invalid value 'true' for configuration property 'spring.transaction.rollback-on-commit-failure'",
				"Spring would report a rollback where nobody knows whether a lost COMMIT succeeded.");
	}

	@Test
	void rollbackOnCommitFailureIsRefusedWhereCodeSetsItToo(CapturedOutput output) {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> start(RollingBack.class, WebApplicationType.NONE, server.jdbcUrl(this.database)));
		assertThat(output).contains("APPLICATION FAILED TO START",
				"The transaction manager 'rollingBack' is set to roll back when a commit fails",
				"Reason: Spring would report a rollback where nobody knows whether a lost COMMIT succeeded.",
				"Remove the call of setRollbackOnCommitFailure(true).");
	}

	@Test
	void rollbackOnCommitFailureIsNobodysBusinessWhenDisabled() {
		start(RollingBack.class, WebApplicationType.NONE, server.jdbcUrl(this.database), "resilientdb.enabled=false",
				"spring.transaction.rollback-on-commit-failure=true")
			.close();
	}

	@Test
	void oldMarkersAreRemovedByOneInstanceAtATime() {
		execute(script(), INSERT.formatted(0, "C", "2 hours", 2500), INSERT.formatted(10_000, "C", "30 minutes", 10),
				INSERT.formatted(20_000, "F", "23 hours", 10), INSERT.formatted(30_000, "F", "25 hours", 10));
		String marker = "resilientdb.commit.verification=marker";
		try (ConfigurableApplicationContext one = start(marker); ConfigurableApplicationContext other = start(marker)) {
			CommitStartup first = frequent(one);
			CommitStartup second = frequent(other);
			first.start();
			second.start();
			Awaitility.await().until(() -> count("select count(*) from resilientdb_commit_marker") == 20);
			first.stop();
			second.stop();
			assertThat(first.isRunning()).isFalse();
			assertThat(count("select count(*) from resilientdb_commit_marker where status = 'C'")).isEqualTo(10);
		}
	}

	private static CommitStartup frequent(ConfigurableApplicationContext context) {
		return new CommitStartup(context.getBean(GuardedPools.class), Duration.ofMillis(20));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			DataSourceInitializationAutoConfiguration.class, FlywayAutoConfiguration.class,
			JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class,
			ResilientDbDisconnectAutoConfiguration.class, ResilientDbPoolAutoConfiguration.class,
			ResilientDbRetryAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(TomcatServletWebServerAutoConfiguration.class)
	static class WebApplication extends Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class RollingBack extends Application {

		@Bean
		JdbcTransactionManager rollingBack(DataSource dataSource) {
			JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
			manager.setRollbackOnCommitFailure(true);
			return manager;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoPools extends Application {

		@Bean
		HikariDataSource first(Environment environment) {
			return pool(environment.getRequiredProperty("spring.datasource.url"));
		}

		@Bean
		HikariDataSource second(Environment environment) {
			return pool(environment.getRequiredProperty("second.url"));
		}

		private static HikariDataSource pool(String url) {
			HikariDataSource pool = new HikariDataSource();
			pool.setJdbcUrl(url);
			pool.setUsername(server.username());
			pool.setPassword(server.password());
			return pool;
		}

	}

}
