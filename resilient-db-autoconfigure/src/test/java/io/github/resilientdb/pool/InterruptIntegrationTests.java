package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;

import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Interrupts and the pool, on all kinds of threads.
 */
class InterruptIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private static TestPool pool;

	@BeforeAll
	static void open() throws SQLException {
		pool = TestPool.to(server, server.jdbcUrl(database)).size(2).build();
		try (Connection connection = pool.borrow()) {
			TestPool.execute(connection, "create table t (i int)");
		}
	}

	@AfterAll
	static void close() {
		pool.close();
	}

	@ParameterizedTest
	@MethodSource("io.github.resilientdb.testsupport.ThreadKind#available")
	void aFlagThatIsSetAlreadyChangesNothing(ThreadKind kind) throws Exception {
		boolean flag = kind.call(() -> {
			Thread.currentThread().interrupt();
			try (Connection connection = pool.borrow()) {
				requireFlag();
				connection.setAutoCommit(false);
				TestPool.execute(connection, "insert into t values (1)");
				requireFlag();
				connection.commit();
				requireFlag();
				connection.setAutoCommit(true);
			}
			return Thread.interrupted();
		});
		assertThat(flag).isTrue();
	}

	@ParameterizedTest
	@MethodSource("io.github.resilientdb.testsupport.ThreadKind#available")
	void aFlagThatIsSetAlreadyLetsNewConnectionsBeOpened(ThreadKind kind) throws Exception {
		try (TestPool fresh = TestPool.to(server, server.jdbcUrl(database)).size(1).build();
				TestPool unpooled = TestPool.to(server, server.jdbcUrl(database)).size(1).mode(PoolMode.NONE).build()) {
			assertThat(kind.call(interrupted(() -> fresh.backend()))).isPositive();
			assertThat(kind.call(interrupted(() -> unpooled.backend()))).isPositive();
		}
	}

	@ParameterizedTest
	@MethodSource("io.github.resilientdb.testsupport.ThreadKind#available")
	void aFlagThatIsSetAlreadyDoesNotEndAPing(ThreadKind kind) throws Exception {
		try (TestPool pinging = TestPool.to(server, server.jdbcUrl(database))
			.size(1)
			.pingAfter(Duration.ZERO)
			.build()) {
			int backend = pinging.backend();
			assertThat(kind.call(interrupted(() -> pinging.backend()))).isEqualTo(backend);
			assertThat(pinging.count("pinged true")).isOne();
		}
	}

	private static <T> Callable<T> interrupted(Callable<T> task) {
		return () -> {
			Thread.currentThread().interrupt();
			T result = task.call();
			requireFlag();
			return result;
		};
	}

	private static void requireFlag() {
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("io.github.resilientdb.testsupport.ThreadKind#available")
	void anInterruptDuringAStatementHarmsNoConnection(ThreadKind kind) throws Exception {
		try (Connection other = pool.borrow()) {
			int backendOfOther = TestPool.backend(other);
			TestPool.execute(other, "select pg_advisory_lock(1)");
			Running<Boolean> running = kind.start(() -> {
				try (Connection connection = pool.borrow()) {
					TestPool.execute(connection, "select pg_advisory_xact_lock(1)");
					return Thread.interrupted() && TestPool.queryForInt(connection, "select 1") == 1;
				}
			});
			Awaitility.await()
				.until(() -> server.queryForInt("select count(*) from pg_stat_activity where datname = '" + database
						+ "' and wait_event = 'advisory'") == 1);
			running.thread().interrupt();
			TestPool.execute(other, "select pg_advisory_unlock(1)");
			assertThat(running.result()).isTrue();
			assertThat(TestPool.backend(other)).isEqualTo(backendOfOther);
		}
		assertThat(pool.count("disconnected")).isZero();
	}

	@ParameterizedTest
	@MethodSource("io.github.resilientdb.testsupport.ThreadKind#available")
	void anInterruptEndsTheWaitForAConnectionAtOnce(ThreadKind kind) throws Exception {
		try (TestPool small = TestPool.to(server, server.jdbcUrl(database))
			.size(1)
			.timeout(Duration.ofSeconds(15))
			.build(); Connection taken = small.borrow()) {
			assertThat(taken.isClosed()).isFalse();
			Running<Boolean> waiting = kind.start(() -> failsInterrupted(small));
			Awaitility.await()
				.until(() -> small.dataSource().getHikariPoolMXBean().getThreadsAwaitingConnection() == 1);
			long start = System.nanoTime();
			waiting.thread().interrupt();
			assertThat(waiting.result()).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		}
	}

	@ParameterizedTest
	@MethodSource("io.github.resilientdb.testsupport.ThreadKind#available")
	void anInterruptEndsTheWaitForAPermitAtOnce(ThreadKind kind) throws Exception {
		try (TestPool small = TestPool.to(server, server.jdbcUrl(database))
			.size(1)
			.mode(PoolMode.NONE)
			.timeout(Duration.ofSeconds(15))
			.build(); Connection taken = small.borrow()) {
			assertThat(taken.isClosed()).isFalse();
			Running<Boolean> waiting = kind.start(() -> failsInterrupted(small));
			Awaitility.await()
				.until(() -> waiting.thread().getState() == Thread.State.TIMED_WAITING
						|| waiting.thread().getState() == Thread.State.WAITING);
			waiting.thread().interrupt();
			assertThat(waiting.result()).isTrue();
		}
	}

	private static boolean failsInterrupted(TestPool pool) {
		SQLException failure = catchThrowableOfType(SQLException.class, pool::borrow);
		assertThat((Throwable) failure).hasCauseInstanceOf(InterruptedException.class);
		return Thread.interrupted();
	}

}
