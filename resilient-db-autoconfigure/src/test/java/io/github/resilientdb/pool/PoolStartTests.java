package io.github.resilientdb.pool;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.commit.CommitListener;
import io.github.resilientdb.commit.CommitSettings;
import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.commit.postgresql.CommitProtocols;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.pool.connect.Database;
import io.github.resilientdb.pool.guard.ConnectionRegistry;
import io.github.resilientdb.pool.settings.PoolSettings;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.AbstractDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PoolStart}, with a HikariCP that never starts by itself.
 */
class PoolStartTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final FakeDatabase fake = new FakeDatabase();

	private final AtomicInteger asked = new AtomicInteger();

	private volatile @Nullable SQLException failure;

	private final NeverStarted hikari = new NeverStarted(new AbstractDataSource() {

		@Override
		public Connection getConnection() throws SQLException {
			PoolStartTests.this.asked.incrementAndGet();
			SQLException failure = PoolStartTests.this.failure;
			if (failure != null) {
				throw failure;
			}
			return PoolStartTests.this.fake.getConnection();
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			return getConnection();
		}

	});

	private final Waiters waiters = new Waiters();

	private final Database database;

	private final GuardedDataSource opener;

	private final Refusals refusals;

	private Callable<Connection> request;

	PoolStartTests() {
		FailureClassifier classifier = new FailureClassifier(List::of);
		ConnectionPoolListener listener = new ConnectionPoolListener() {
		};
		PoolSettings settings = new PoolSettings(1, null, null, PrePing.ALWAYS, MINUTE, MINUTE, PoolMode.POOLED,
				ResetOnReturn.ROLLBACK, RequirePrimary.AUTO, false, null);
		this.database = new Database(this.hikari, settings, (failure) -> classifier.classify(failure).verdict(),
				listener, () -> false);
		ConnectionRegistry connections = new ConnectionRegistry(() -> "bank", settings, false,
				(failure) -> classifier.classify(failure).verdict(), listener, this.database);
		this.opener = new GuardedDataSource(this.database, connections,
				CommitProtocols.create(CommitSettings.of(VerificationMode.NONE, MINUTE, true), (deadline) -> {
					throw new SQLException("not needed");
				}, CommitListener.NONE), () -> 1000, (ex) -> {
				});
		this.refusals = new Refusals(this.hikari, this.database);
		this.request = this.opener::getConnection;
	}

	@AfterEach
	void close() {
		this.database.close();
	}

	private PoolStart start() {
		return new PoolStart(this.hikari, () -> {
			try {
				return this.request.call();
			}
			catch (SQLException | RuntimeException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}, this.opener, this.database, this.waiters, this.refusals);
	}

	private static long in(Duration duration) {
		return System.nanoTime() + duration.toNanos();
	}

	/**
	 * Have another thread do it, until it waits for somebody.
	 */
	private static <T> FutureTask<T> background(Callable<T> work) {
		FutureTask<T> task = new FutureTask<>(work);
		Thread thread = new Thread(task, "background");
		thread.setDaemon(true);
		thread.start();
		Awaitility.await()
			.until(() -> task.isDone() || thread.getState() == Thread.State.TIMED_WAITING
					|| thread.getState() == Thread.State.WAITING);
		return task;
	}

	@Test
	void hikariIsGivenAConnectionThatIsThereAlready() throws SQLException {
		assertThat(start().run(in(MINUTE))).isNotNull();
		assertThat(this.asked).hasValue(1);
		assertThat(this.fake.session().isClosed()).isFalse();
	}

	@Test
	void whatHikariDidNotWantIsClosed() {
		this.request = () -> {
			throw new SQLException("not configured well");
		};
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> start().run(in(MINUTE)))
			.withMessage("not configured well");
		assertThat(this.fake.session().isClosed()).isTrue();
	}

	@Test
	void aConnectionThatIsLostWhileItIsMadeReadyIsReplaced() throws SQLException {
		Callable<Connection> usual = this.request;
		this.request = () -> {
			this.request = usual;
			throw new SQLException("lost", "HY000", new SQLException("reset", "08006"));
		};
		assertThat(start().run(in(MINUTE))).isNotNull();
		assertThat(this.asked).hasValue(2);
	}

	@Test
	void aFailureThatMayPassIsWaitedFor() throws Exception {
		this.failure = new SQLException("refused", "08001");
		PoolStart start = start();
		FutureTask<Connection> first = background(() -> start.run(in(MINUTE)));
		Awaitility.await().until(() -> this.asked.get() > 1);
		this.failure = null;
		assertThat(first.get(30, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void aFailureThatMayPassEndsTheWaitWithTheTime() {
		this.failure = new SQLException("refused", "08001");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> start().run(in(Duration.ofMillis(20))))
			.withMessageContaining("no connection within")
			.withCauseInstanceOf(SQLException.class);
	}

	@Test
	void aFailureThatDoesNotPassIsTheCallersAtOnce() {
		this.failure = new SQLException("no such role", "28000");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> start().run(in(MINUTE)))
			.withMessageContaining("no such role");
		assertThat(this.asked).hasValue(1);
	}

	@Test
	void othersGoOnWhenThePoolIsThere() throws Exception {
		CountDownLatch goOn = new CountDownLatch(1);
		this.request = () -> {
			goOn.await();
			this.hikari.started = true;
			return this.fake.getConnection();
		};
		PoolStart start = start();
		FutureTask<Connection> first = background(() -> start.run(in(MINUTE)));
		FutureTask<Connection> second = background(() -> start.run(in(MINUTE)));
		assertThatExceptionOfType(SQLException.class).as("who has less time")
			.isThrownBy(() -> start.run(in(Duration.ofMillis(10))))
			.withMessageContaining("no connection within");
		assertThat(second).isNotDone();
		goOn.countDown();
		assertThat(first.get(30, TimeUnit.SECONDS)).isNotNull();
		assertThat(second.get(30, TimeUnit.SECONDS)).isNull();
	}

	@Test
	void whoWaitsIsLetGoWhenThePoolIsClosed() throws Exception {
		CountDownLatch goOn = new CountDownLatch(1);
		this.request = () -> {
			goOn.await();
			return this.fake.getConnection();
		};
		PoolStart start = start();
		FutureTask<Connection> first = background(() -> start.run(in(MINUTE)));
		FutureTask<Connection> second = background(() -> start.run(in(MINUTE)));
		this.refusals.poolClosing();
		this.waiters.dismiss(new SQLException("closing"));
		for (FutureTask<Connection> waiting : List.of(first, second)) {
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> waiting.get(30, TimeUnit.SECONDS));
		}
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(second::get)
			.withMessageContaining("has been closed");
	}

	@Test
	void hikariWaitsNoLongerThanWhoStartsIt() throws SQLException {
		PoolStart start = start();
		long[] timeout = new long[1];
		this.request = () -> {
			timeout[0] = start.timeoutMillis(30_000);
			FutureTask<Long> other = background(() -> start.timeoutMillis(30_000));
			assertThat(other.get()).isEqualTo(30_000);
			return this.fake.getConnection();
		};
		start.run(in(Duration.ofSeconds(20)));
		assertThat(timeout[0]).isBetween(1L, 20_000L);
		assertThat(start.timeoutMillis(30_000)).isEqualTo(30_000);
	}

	private static final class NeverStarted extends HikariDataSource {

		private volatile boolean started;

		NeverStarted(DataSource dataSource) {
			setPoolName("bank");
			setDataSource(dataSource);
		}

		@Override
		public @Nullable HikariPoolMXBean getHikariPoolMXBean() {
			return this.started ? (HikariPoolMXBean) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { HikariPoolMXBean.class }, (proxy, method, arguments) -> 0) : null;
		}

	}

}
