package io.github.resilientdb.pool;

import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import com.zaxxer.hikari.HikariPoolMXBean;
import io.github.resilientdb.pool.UnwillingServer.Refusal;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What those who wait cost a server that is away, and the application.
 */
class ConnectRatesIntegrationTests {

	private static final Logger logger = LoggerFactory.getLogger(ConnectRatesIntegrationTests.class);

	private static final int POOLS = 20;

	private static final int CALLERS = 1000;

	private static final long MEBIBYTE = 1024 * 1024;

	@ParameterizedTest
	@CsvSource({ "HANG_UP, 100", "STARTING_UP, 40" })
	void manyPoolsAreNoStorm(Refusal refusal, int most) throws Exception {
		List<TestPool> pools = new ArrayList<>();
		try (UnwillingServer server = new UnwillingServer(refusal)) {
			List<Running<SQLException>> waiting = new ArrayList<>();
			for (int i = 0; i < POOLS; i++) {
				TestPool pool = TestPool.to(server.jdbcUrl(), "user", "password")
					.timeout(Duration.ofMillis(2500))
					.build();
				pools.add(pool);
				waiting.add(ThreadKind.PLATFORM.start(() -> catchThrowableOfType(SQLException.class, pool::borrow)));
			}
			for (Running<SQLException> each : waiting) {
				assertThat((Throwable) each.result()).isNotNull();
			}
			logger.info("{}: {} connects within a second", refusal, server.mostPerSecond());
			// a machine that is busy makes several at once
			assertThat(server.mostPerSecond()).isBetween(POOLS / 2, most + most / 4);
		}
		finally {
			pools.forEach(TestPool::close);
		}
	}

	@Test
	void whoWaitsTakesNeitherThreadsNorMemory() throws Exception {
		PostgresServer server = PostgresServer.shared();
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl())
					.timeout(Duration.ofMinutes(1))
					.size(2)
					.hikari((config) -> config.setMinimumIdle(0))
					.build()) {
			pool.fill(2);
			proxy.refuse();
			proxy.cut();
			CountDownLatch begin = new CountDownLatch(1);
			List<Running<Integer>> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(ThreadKind.PLATFORM.start(() -> {
					begin.await();
					return pool.backend();
				}));
			}
			try {
				Running<Integer> first = ThreadKind.PLATFORM.start(pool::backend);
				HikariPoolMXBean hikari = pool.dataSource().getHikariPoolMXBean();
				Awaitility.await().until(() -> hikari.getThreadsAwaitingConnection() == 1 && isProbing());
				int threads = Thread.activeCount();
				long heap = heap();
				begin.countDown();
				Awaitility.await().until(() -> hikari.getThreadsAwaitingConnection() == CALLERS + 1);
				long more = heap() - heap;
				logger.info("{} bytes for {} who wait", more, CALLERS);
				assertThat(more).isLessThanOrEqualTo(2 * MEBIBYTE);
				// HikariCP's own may come and go
				assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + CALLERS / 100);
				proxy.accept();
				assertThat(first.result()).isPositive();
			}
			finally {
				begin.countDown();
				proxy.accept();
			}
			for (Running<Integer> each : callers) {
				assertThat(each.result()).isPositive();
			}
		}
	}

	private static boolean isProbing() {
		return Thread.getAllStackTraces().keySet().stream().anyMatch((thread) -> thread.getName().endsWith(" prober"));
	}

	private static long heap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
