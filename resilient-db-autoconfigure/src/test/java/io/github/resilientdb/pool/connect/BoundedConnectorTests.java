package io.github.resilientdb.pool.connect;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.watchdog.Servers.Reached;
import io.github.resilientdb.watchdog.Servers.Refused;
import io.github.resilientdb.watchdog.Servers.Visit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class BoundedConnectorTests {

	private static final Duration SHORT = Duration.ofMillis(200);

	private final PrimaryRequirement primary = new PrimaryRequirement(RequirePrimary.NEVER, false);

	private final CountDownLatch hang = new CountDownLatch(1);

	private final AtomicInteger entered = new AtomicInteger();

	private final AtomicInteger closed = new AtomicInteger();

	private volatile boolean answering;

	private final AtomicLong skipped = new AtomicLong();

	private final BoundedConnector hanging = new BoundedConnector(new Fake(this::hang),
			new DriverPlaces(() -> System.nanoTime() + this.skipped.get()));

	@AfterEach
	void letAllGo() {
		this.hang.countDown();
		Awaitility.await().until(() -> this.hanging.hanging() == 0);
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("resilientdb-connect")));
	}

	@Test
	void returnsWhatTheDriverReturns() throws Exception {
		Connector connector = new BoundedConnector(new Fake(this::connection));
		assertThat(connector.connect(null, null, in(Duration.ofSeconds(10)), this.primary)).isNotNull();
		assertThat(connector.hanging()).isZero();
	}

	@Test
	void throwsWhatTheDriverThrows() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(new BoundedConnector(new Fake(() -> {
			throw new SQLException("no", "28P01");
		})))).withMessage("no");
		assertThatIllegalStateException().isThrownBy(() -> connect(new BoundedConnector(new Fake(() -> {
			throw new IllegalStateException("never");
		})))).withMessage("never");
	}

	@Test
	void letsTheCallerGoAtItsDeadlineAndClosesWhatComesLater() {
		long start = System.nanoTime();
		assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(() -> connect(this.hanging));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SHORT, SHORT.plusSeconds(20));
		assertThat(this.hanging.hanging()).isOne();
		this.hang.countDown();
		Awaitility.await().untilAsserted(() -> assertThat(this.closed).hasValue(1));
		assertThat(this.hanging.hanging()).isZero();
	}

	@Test
	void leavesTwoBehindAtMost() throws Exception {
		for (int i = 0; i < 5; i++) {
			assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(() -> connect(this.hanging));
		}
		assertThat(this.hanging.hanging()).isEqualTo(2);
		awaitEntered(2);
		this.hang.countDown();
		Awaitility.await().until(() -> this.hanging.hanging() == 0);
		assertThat(this.hanging.connect(null, null, in(Duration.ofSeconds(10)), this.primary)).isNotNull();
	}

	@Test
	void leavesTwoBehindAtMostOfThoseWhoComeTogether() throws Exception {
		List<ThreadKind.Running<Void>> callers = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			callers.add(ThreadKind.PLATFORM.start(() -> {
				assertThatExceptionOfType(SQLTransientConnectionException.class)
					.isThrownBy(() -> connect(this.hanging));
				return null;
			}));
		}
		for (ThreadKind.Running<Void> caller : callers) {
			caller.result();
		}
		assertThat(this.hanging.hanging()).isEqualTo(2);
		awaitEntered(2);
	}

	@Test
	void connectsAgainThoughTwoNeverComeBack() throws Exception {
		for (int i = 0; i < 3; i++) {
			assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(() -> connect(this.hanging));
		}
		awaitEntered(2);
		this.answering = true;
		assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(() -> connect(this.hanging))
			.withMessageContaining("2 earlier attempts");
		this.skipped.set(DriverPlaces.PATIENCE);
		for (int i = 0; i < 3; i++) {
			assertThat(this.hanging.connect(null, null, in(Duration.ofMinutes(2)), this.primary)).isNotNull();
		}
		assertThat(this.hanging.hanging()).isEqualTo(2);
	}

	@Test
	void looksAtAServerBesideThePool() throws Exception {
		Visit visit = visit(new BoundedConnector(new Fake(this::connection)));
		assertThat(visit).isInstanceOf(Reached.class);
		((Reached) visit).closing().close();
		assertThat(this.closed).hasValue(1);
	}

	@Test
	void silenceIsNothingThatALookCanTell() {
		assertThat(visit(this.hanging)).isInstanceOf(Refused.class);
	}

	@Test
	void aLookLeavesThePoolAPlaceInADriverThatHangs() {
		assertThatExceptionOfType(SQLTransientConnectionException.class).isThrownBy(() -> connect(this.hanging));
		assertThat(visit(this.hanging)).isInstanceOf(Refused.class);
		awaitEntered(1);
	}

	/**
	 * The threads that call the driver may have begun late.
	 */
	private void awaitEntered(int threads) {
		Awaitility.await().untilAsserted(() -> assertThat(this.entered).hasValue(threads));
	}

	private static Visit visit(Connector connector) {
		return connector.visit(null, null, null, 0, in(SHORT));
	}

	@Test
	void anInterruptFromBeforeChangesNothing() throws Exception {
		Connector connector = new BoundedConnector(new Fake(this::connection));
		Thread.currentThread().interrupt();
		assertThat(connector.connect(null, null, in(Duration.ofSeconds(10)), this.primary)).isNotNull();
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void anInterruptLetsTheCallerGo() throws Exception {
		ThreadKind.Running<Boolean> running = ThreadKind.PLATFORM.start(() -> {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> this.hanging.connect(null, null, in(Duration.ofSeconds(15)), this.primary))
				.withCauseInstanceOf(InterruptedException.class);
			return Thread.interrupted();
		});
		Awaitility.await().until(() -> this.entered.get() == 1);
		running.thread().interrupt();
		assertThat(running.result()).isTrue();
	}

	private void connect(Connector connector) throws SQLException {
		connector.connect(null, null, in(SHORT), this.primary);
	}

	private static long in(Duration time) {
		return System.nanoTime() + time.toNanos();
	}

	// as deaf as a driver that reads from a plain socket
	private Connection hang() {
		this.entered.incrementAndGet();
		if (this.answering) {
			return connection();
		}
		while (this.hang.getCount() > 0) {
			try {
				this.hang.await();
			}
			catch (InterruptedException ex) {
				continue;
			}
		}
		return connection();
	}

	private Connection connection() {
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("close")) {
						this.closed.incrementAndGet();
					}
					return null;
				});
	}

	private interface Driver {

		Connection connect() throws SQLException;

	}

	private record Fake(Driver driver) implements Connector {

		@Override
		public Physical connect(@Nullable String username, @Nullable String password, long deadline,
				PrimaryRequirement primary) throws SQLException {
			return new Physical(this.driver.connect(), null, false, null);
		}

		@Override
		public String probeUnavailable() {
			return "fake";
		}

	}

}
