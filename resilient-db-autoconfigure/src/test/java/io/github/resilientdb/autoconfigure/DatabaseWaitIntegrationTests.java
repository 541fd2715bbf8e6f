package io.github.resilientdb.autoconfigure;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import javax.sql.DataSource;

import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests start-up while the database is not there yet.
 */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseWaitIntegrationTests {

	/**
	 * An application starts meanwhile.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final PostgresServer server = PostgresServer.shared();

	@Test
	void waitsForADatabaseThatIsNotThereYet(CapturedOutput output) throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server)) {
			proxy.refuse();
			CompletableFuture<Integer> answer = start(proxy.jdbcUrl(), "10m", "10s");
			Awaitility.await().atMost(PATIENCE).until(() -> output.getOut().contains("can't be reached"));
			Awaitility.await()
				.atMost(PATIENCE)
				.until(() -> output.getOut()
					.contains("Waiting for the database of DataSource 'dataSource' at 127.0.0.1:%d/%s, 2s of 10m: "
						.formatted(proxy.port(), database(proxy.jdbcUrl()))));
			assertThat(answer).isNotDone();
			proxy.accept();
			assertThat(answer.get()).isEqualTo(1);
			assertThat(output).doesNotContain("Starting without the database");
		}
	}

	@Test
	void whoNeedsTheDatabaseFailsAfterTheWait(CapturedOutput output) throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server)) {
			proxy.refuse();
			CompletableFuture<Integer> answer = start(proxy.jdbcUrl(), "300ms", "250ms");
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(answer::get)
				.withStackTraceContaining("Connection to 127.0.0.1:" + proxy.port() + " refused");
			assertThat(output)
				.contains("Starting without the database (resilientdb.startup.wait-for-database is 300ms). "
						+ "The database of DataSource 'dataSource' can't be reached: nothing listens there: 127.0.0.1:"
						+ proxy.port())
				.contains("APPLICATION FAILED TO START");
		}
	}

	@Test
	void doesNotWaitForWhatWontPass(CapturedOutput output) {
		CompletableFuture<Integer> answer = start(server.jdbcUrl("no_such_database"), "10m", "10s");
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(answer::get)
			.withStackTraceContaining("\"no_such_database\" does not exist");
		assertThat(output).contains("Starting without the database");
	}

	private static String database(String url) {
		return url.replaceFirst(".*/", "").replaceFirst("[?].*", "");
	}

	private static CompletableFuture<Integer> start(String url, String wait, String timeout) {
		CompletableFuture<Integer> answer = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try (ConfigurableApplicationContext context = run(url, wait, timeout)) {
				answer.complete(context.getBean(Asking.class).answer());
			}
			catch (RuntimeException ex) {
				answer.completeExceptionally(ex);
			}
		}, "start-up");
		thread.setDaemon(true);
		thread.start();
		return answer;
	}

	private static ConfigurableApplicationContext run(String url, String wait, String timeout) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application.run("--spring.datasource.url=" + url, "--spring.datasource.username=" + server.username(),
				"--spring.datasource.password=" + server.password(), "--resilientdb.startup.wait-for-database=" + wait,
				"--resilientdb.pool.timeout=" + timeout);
	}

	/**
	 * Asks the database while the application starts.
	 *
	 * @param answer what it said
	 */
	record Asking(int answer) {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Asking asking(DataSource dataSource) {
			Integer one = new JdbcTemplate(dataSource).queryForObject("select 1", Integer.class);
			return new Asking((one != null) ? one : 0);
		}

	}

}
