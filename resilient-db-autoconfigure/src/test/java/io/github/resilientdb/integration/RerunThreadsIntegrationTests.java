package io.github.resilientdb.integration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.testsupport.PostgresServer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many callers on few connections, which are lost again and again.
 */
@SpringBootTest(classes = JdbcApplication.class, webEnvironment = WebEnvironment.NONE,
		properties = { "resilientdb.retry.deadline=60s", "resilientdb.pool.size=10",
				"resilientdb.retry.max-attempts=20", "resilientdb.retry.budget.burst=100000" })
class RerunThreadsIntegrationTests {

	private static final int CALLERS = 1000;

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	@Autowired
	private Transactions transactions;

	@Autowired
	private Scenario scenario;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@Test
	void platformThreadsAllSucceed() throws Exception {
		runAll(Executors.newFixedThreadPool(CALLERS));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsAllSucceedAndAreNotPinned(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("pinned.jfr");
		// the first virtual thread that waits for a socket initialises classes of the JDK
		ExecutorService first = (ExecutorService) ReflectionUtils
			.invokeMethod(Executors.class.getMethod("newVirtualThreadPerTaskExecutor"), null);
		first.submit(() -> {
			this.transactions.required(() -> this.scenario.insert("first"));
			return null;
		}).get();
		first.shutdown();
		this.scenario.reset();
		try (Recording recording = new Recording()) {
			recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ofMillis(20)).withStackTrace();
			recording.start();
			runAll((ExecutorService) ReflectionUtils
				.invokeMethod(Executors.class.getMethod("newVirtualThreadPerTaskExecutor"), null));
			recording.stop();
			recording.dump(file);
		}
		assertThat(RecordingFile.readAllEvents(file)).noneMatch(RerunThreadsIntegrationTests::isOurs);
	}

	private void runAll(ExecutorService executor) throws Exception {
		AtomicInteger done = new AtomicInteger();
		List<Future<?>> calls = new ArrayList<>();
		try {
			for (int i = 0; i < CALLERS; i++) {
				calls.add(executor.submit(() -> {
					this.transactions.required(() -> this.scenario.insert("call"));
					done.incrementAndGet();
					return null;
				}));
				if (i % 100 == 50) {
					terminateAll();
				}
			}
			for (Future<?> call : calls) {
				call.get(90, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(done).hasValue(CALLERS);
		assertThat(this.scenario.entries()).hasSize(CALLERS);
		this.scenario.awaitIdlePool();
	}

	private static void terminateAll() {
		PostgresServer.shared().terminateSessions(database.name());
	}

	private static boolean isOurs(RecordedEvent event) {
		return event.getStackTrace() != null && event.getStackTrace()
			.getFrames()
			.stream()
			.anyMatch((frame) -> frame.getMethod().getType().getName().startsWith("io.github.resilientdb.")
					&& !frame.getMethod().getType().getName().startsWith("io.github.resilientdb.integration."));
	}

}
