package io.github.resilientdb.pool.connect;

import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.zaxxer.hikari.util.Credentials;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ProberTests {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private static final Duration SHORT = Duration.ofMillis(300);

	private final FakeDatabase database = new FakeDatabase();

	private final Prober prober = new Prober(this.database, new ProbeBudget());

	@AfterEach
	void close() {
		this.prober.close();
		awaitNoThread();
	}

	@Test
	void connectsOnTheCallersThreadWhileTheDatabaseIsThere() throws Exception {
		assertThat(connect(PATIENCE)).isNotNull();
		assertThat(this.database.attempts).hasValue(1);
		assertThat(threads()).isZero();
	}

	@Test
	void waitsForADatabaseThatIsAwayAndHandsItsConnectionToWhoWaits() throws Exception {
		this.database.failure = refused();
		Running<Physical> waiting = ThreadKind.PLATFORM.start(() -> connect(PATIENCE));
		Awaitility.await().until(() -> this.database.probes.get() >= 3);
		assertThat(threads()).isOne();
		this.database.failure = null;
		assertThat(waiting.result()).isNotNull();
		assertThat(this.database.opened).hasValue(1);
		assertThat(this.database.closed).hasValue(0);
		awaitNoThread();
		assertThat(this.prober.isAway()).isFalse();
	}

	@Test
	void oneAttemptAtATimeIsMadeHoweverManyWait() throws Exception {
		this.database.failure = refused();
		catchThrowableOfType(SQLException.class, () -> connect(SHORT));
		List<Running<Physical>> waiting = new ArrayList<>();
		for (int i = 0; i < 30; i++) {
			waiting.add(ThreadKind.PLATFORM.start(() -> connect(PATIENCE)));
		}
		int before = this.database.probes.get();
		Awaitility.await().until(() -> this.database.probes.get() >= before + 10);
		assertThat(this.database.attempts).hasValue(1);
		assertThat(this.database.most).hasValue(1);
		assertThat(threads()).isOne();
		this.database.failure = null;
		for (Running<Physical> each : waiting) {
			assertThat(each.result()).isNotNull();
		}
		assertThat(this.database.opened).hasValue(30);
	}

	@Test
	void whoCannotWaitLongerHearsWhy() {
		this.database.failure = refused();
		long start = System.nanoTime();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(SHORT))
			.withMessage("refused")
			.extracting(SQLException::getSQLState)
			.isEqualTo("08001");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.plusSeconds(5));
	}

	@Test
	void aConnectionThatIsEndedAtOnceIsAnAnswerHoweverShortAnAttemptMayBe() throws Exception {
		this.database.failure = new SQLException("end of file", "08006");
		Running<Physical> waiting = ThreadKind.PLATFORM.start(() -> this.prober.connect(this.database::credentials,
				System.nanoTime() + SHORT.toNanos(), System.nanoTime() + PATIENCE.toNanos()));
		Awaitility.await().until(() -> this.database.probes.get() >= 3);
		this.database.failure = null;
		assertThat(waiting.result()).isNotNull();
	}

	@Test
	void whatDoesNotPassFailsAtOnce() {
		this.database.failure = new SQLException("password", "28P01");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(PATIENCE)).withMessage("password");
		assertThat(this.database.attempts).hasValue(1);
		assertThat(threads()).isZero();
	}

	@Test
	void whatDoesNotPassAnyMoreEndsTheWait() throws Exception {
		this.database.failure = refused();
		Running<SQLException> waiting = ThreadKind.PLATFORM
			.start(() -> catchThrowableOfType(SQLException.class, () -> connect(PATIENCE)));
		Awaitility.await().until(() -> this.database.probes.get() >= 1);
		this.database.failure = new SQLException("password", "28P01");
		assertThat((Throwable) waiting.result()).hasMessage("password");
		awaitNoThread();
	}

	@Test
	void anInterruptEndsTheWait() throws Exception {
		this.database.failure = refused();
		Running<Boolean> waiting = ThreadKind.PLATFORM.start(() -> {
			SQLException failure = catchThrowableOfType(SQLException.class, () -> connect(PATIENCE));
			return failure.getCause() instanceof InterruptedException && Thread.interrupted();
		});
		Awaitility.await().until(() -> this.database.probes.get() >= 1);
		waiting.thread().interrupt();
		assertThat(waiting.result()).isTrue();
	}

	@Test
	void closingEndsTheWaitAndTheThread() throws Exception {
		this.database.failure = refused();
		Running<SQLException> waiting = ThreadKind.PLATFORM
			.start(() -> catchThrowableOfType(SQLException.class, () -> connect(PATIENCE)));
		Awaitility.await().until(() -> this.database.probes.get() >= 1);
		this.prober.close();
		assertThat((Throwable) waiting.result()).hasMessageContaining("closed");
		awaitNoThread();
	}

	@Test
	void whatNobodyWaitsForIsClosed() {
		this.database.failure = refused();
		catchThrowableOfType(SQLException.class, () -> connect(SHORT));
		this.database.failure = null;
		Awaitility.await().untilAsserted(() -> assertThat(this.database.closed).hasValue(1));
	}

	private Physical connect(Duration patience) throws SQLException {
		long deadline = System.nanoTime() + patience.toNanos();
		return this.prober.connect(this.database::credentials, deadline, deadline);
	}

	private static SQLException refused() {
		return new SQLException("refused", "08001", new ConnectException());
	}

	private void awaitNoThread() {
		Awaitility.await().until(() -> threads() == 0);
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("fake prober"))
			.count();
	}

	private static final class FakeDatabase implements Attempts {

		private final AtomicInteger attempts = new AtomicInteger();

		private final AtomicInteger probes = new AtomicInteger();

		private final AtomicInteger underWay = new AtomicInteger();

		private final AtomicInteger most = new AtomicInteger();

		private final AtomicInteger opened = new AtomicInteger();

		private final AtomicInteger closed = new AtomicInteger();

		private volatile SQLException failure;

		@Override
		public String name() {
			return "fake";
		}

		@Override
		public Credentials credentials() {
			return Credentials.of("user", "password");
		}

		@Override
		public int hosts() {
			return 1;
		}

		@Override
		public Physical attempt(Credentials credentials, long deadline) throws SQLException {
			this.attempts.incrementAndGet();
			return open();
		}

		@Override
		public Physical probe(Credentials credentials, long deadline) throws SQLException {
			this.probes.incrementAndGet();
			this.most.accumulateAndGet(this.underWay.incrementAndGet(), Math::max);
			try {
				return open();
			}
			finally {
				this.underWay.decrementAndGet();
			}
		}

		private Physical open() throws SQLException {
			SQLException failure = this.failure;
			if (failure != null) {
				throw failure;
			}
			this.opened.incrementAndGet();
			Connection connection = (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { Connection.class }, (proxy, method, arguments) -> {
						this.closed.incrementAndGet();
						return null;
					});
			return new Physical(connection, null, false, null);
		}

		@Override
		public ConnectFailure meaning(Throwable failure) {
			return switch (((SQLException) failure).getSQLState()) {
				case "08001" -> ConnectFailure.REFUSED;
				case "08006" -> ConnectFailure.SILENT;
				default -> ConnectFailure.FINAL;
			};
		}

	}

}
