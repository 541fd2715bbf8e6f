package io.github.resilientdb.integration;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import com.zaxxer.hikari.HikariDataSource;
import io.github.resilientdb.test.proxy.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An application that is stopped during an outage does not wait for its end.
 */
class RerunShutdownIntegrationTests {

	// the common pool may have one thread only, which others may keep busy
	private static final Executor NEW_THREAD = (task) -> new Thread(task).start();

	private static RerunDatabase database;

	@BeforeAll
	static void createDatabase() {
		database = new RerunDatabase();
	}

	@AfterAll
	static void closeDatabase() {
		database.close();
	}

	@Test
	void endsTheBackOffWithoutAnotherAttempt() {
		ConfigurableApplicationContext context = run("--resilientdb.retry.backoff.initial=10m",
				"--resilientdb.retry.backoff.max=10m");
		Scenario scenario = context.getBean(Scenario.class);
		CompletableFuture<Void> call = start(context, () -> {
			scenario.enter("call");
			scenario.disconnect();
		});
		await().until(() -> scenario.runs("call") == 1
				&& context.getBean(HikariDataSource.class).getHikariPoolMXBean().getActiveConnections() == 0);
		close(context);
		assertThat(call).failsWithin(30, TimeUnit.SECONDS)
			.withThrowableThat()
			.havingRootCause()
			.withMessageContaining("terminating connection");
		assertThat(scenario.runs("call")).isEqualTo(1);
	}

	@Test
	void endsTheWaitForAConnection() throws Exception {
		ConfigurableApplicationContext context = run("--resilientdb.pool.size=1", "--resilientdb.pool.timeout=10m");
		Scenario scenario = context.getBean(Scenario.class);
		HikariDataSource pool = context.getBean(HikariDataSource.class);
		try (var held = pool.getConnection()) {
			CompletableFuture<Void> call = start(context, () -> scenario.enter("call"));
			await().until(() -> pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
			close(context);
			assertThat(call).failsWithin(60, TimeUnit.SECONDS);
			assertThat(scenario.runs("call")).isZero();
		}
	}

	@Test
	void letsTheOutcomeOfACommitBeFound() {
		ConfigurableApplicationContext context = run();
		Scenario scenario = context.getBean(Scenario.class);
		var fault = database.proxy().arm(Fault.HOLD);
		CompletableFuture<Void> call = start(context, () -> scenario.enter("call"));
		fault.awaitAnswered(Duration.ofSeconds(20));
		CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> close(context), NEW_THREAD);
		database.proxy().cut();
		assertThat(call).succeedsWithin(60, TimeUnit.SECONDS);
		assertThat(closing).succeedsWithin(30, TimeUnit.SECONDS);
		assertThat(scenario.runs("call")).isEqualTo(1);
	}

	private static void close(ConfigurableApplicationContext context) {
		context.close();
	}

	private static CompletableFuture<Void> start(ConfigurableApplicationContext context, Transactions.Work work) {
		Transactions transactions = context.getBean(Transactions.class);
		return CompletableFuture.runAsync(() -> {
			try {
				transactions.required(work);
			}
			catch (RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}, NEW_THREAD);
	}

	private static ConfigurableApplicationContext run(String... arguments) {
		return new SpringApplicationBuilder(JdbcApplication.class).web(WebApplicationType.NONE)
			.properties(database.properties())
			.properties("resilientdb.retry.deadline=1h")
			.run(arguments);
	}

}
