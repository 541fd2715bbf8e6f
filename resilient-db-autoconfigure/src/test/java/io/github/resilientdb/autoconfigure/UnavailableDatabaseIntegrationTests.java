package io.github.resilientdb.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests what is said when start-up needs a database that can't be had.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnavailableDatabaseIntegrationTests {

	private static PostgresServer server;

	@BeforeAll
	static void startServer() {
		server = PostgresServer.embedded().authentication().start();
		server.execute("create role app login password 'right'");
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@ParameterizedTest
	@EnumSource
	void aRejectedLoginIsCalledThat(Kind kind, CapturedOutput output) {
		fail(kind, server.jdbcUrl(), "wrong");
		assertThat(analysis(output)).startsWith("The database of DataSource 'dataSource' rejected the login:")
			.contains("Port: " + server.port())
			.contains("User: app")
			.contains("Origin: \"spring.datasource.url\" from property source \"commandLineArgs\"")
			.contains("Reason: FATAL: password authentication failed for user \"app\" [SQLSTATE 28P01]")
			.contains("Correct the username and the password")
			.doesNotContain("wait-for-database");
		assertThat(output).contains("rejects the login (authentication)").doesNotContain("can't be reached");
	}

	@ParameterizedTest
	@EnumSource
	void aMissingDatabaseIsNamed(Kind kind, CapturedOutput output) {
		fail(kind, server.jdbcUrl("no_such"), "right");
		assertThat(analysis(output)).startsWith("The database of DataSource 'dataSource' does not exist:")
			.contains("Database: no_such")
			.contains("Reason: FATAL: database \"no_such\" does not exist [SQLSTATE 3D000]")
			.contains("createdb -h ");
	}

	@ParameterizedTest
	@EnumSource
	void aDatabaseThatIsDownIsNamedWithItsAddress(Kind kind, CapturedOutput output) throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server)) {
			proxy.refuse();
			fail(kind, proxy.jdbcUrl(), "right", "--resilientdb.pool.timeout=500ms");
			assertThat(analysis(output))
				.startsWith("The database of DataSource 'dataSource' can't be reached: nothing listens there:")
				.contains("Host: 127.0.0.1\n")
				.contains("Port: " + proxy.port() + "\n")
				.contains("Reason: Connection to 127.0.0.1:" + proxy.port() + " refused")
				.contains("pg_isready -h 127.0.0.1 -p " + proxy.port())
				.contains("set resilientdb.startup.wait-for-database");
		}
	}

	@Test
	void aMistakeOfTheApplicationIsNotTakenForOne(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(Kind.JDBC, server.jdbcUrl(), "right", Mistaken.class));
		assertThat(output).doesNotContain("The database of DataSource");
	}

	private static void fail(Kind kind, String url, String password, String... properties) {
		assertThatException().isThrownBy(() -> run(kind, url, password, kind.application, properties));
	}

	private static void run(Kind kind, String url, String password, Class<?> application, String... properties) {
		SpringApplication springApplication = new SpringApplication(application);
		springApplication.setWebApplicationType(WebApplicationType.NONE);
		List<String> arguments = new ArrayList<>(
				List.of("--spring.datasource.url=" + url, "--spring.datasource.username=app",
						"--spring.datasource.password=" + password, "--spring.flyway.enabled=false"));
		arguments.addAll(List.of(properties));
		if (kind == Kind.JDBC) {
			arguments.add("--spring.autoconfigure.exclude="
					+ "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration");
		}
		springApplication.run(arguments.toArray(String[]::new)).close();
	}

	private static String analysis(CapturedOutput output) {
		String all = output.toString();
		assertThat(all).contains("APPLICATION FAILED TO START");
		return all.substring(all.indexOf("Description:") + "Description:".length()).strip();
	}

	enum Kind {

		JPA(JpaApplication.class), JDBC(JdbcApplication.class);

		private final Class<?> application;

		Kind(Class<?> application) {
			this.application = application;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class JpaApplication {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class JdbcApplication {

		@Bean
		InitializingBean user(DataSource dataSource) {
			return () -> new JdbcTemplate(dataSource).execute("select 1");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Mistaken {

		@Bean
		InitializingBean user(DataSource dataSource) {
			return () -> new JdbcTemplate(dataSource).execute("select nonsense");
		}

	}

}
