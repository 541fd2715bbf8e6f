package io.github.resilientdb.watchdog;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.watchdog.Servers.Reached;
import io.github.resilientdb.watchdog.Servers.Refused;
import io.github.resilientdb.watchdog.Servers.Silent;
import io.github.resilientdb.watchdog.Servers.Visit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Watchdog} with servers and calls that are none.
 */
class WatchdogTests {

	private final AtomicInteger visits = new AtomicInteger();

	private final AtomicInteger closed = new AtomicInteger();

	private volatile Visit visit = new Silent();

	private final Watchdog watchdog = new Watchdog(() -> "dog", Duration.ofMillis(100).toNanos(), this::visit);

	private Visit visit(String address, long patience, long deadline) {
		this.visits.incrementAndGet();
		Visit visit = this.visit;
		if (visit instanceof Silent) {
			awaitEnd(System.nanoTime() + patience);
		}
		return visit;
	}

	@AfterEach
	void noThreadIsLeft() {
		this.watchdog.close();
		Awaitility.await().until(() -> threads() == 0);
		assertThat(this.closed.get()).isEqualTo((this.visit instanceof Reached) ? this.visits.get() : 0);
	}

	@Test
	void aCallWhoseBackendIsGoneIsEnded() {
		this.visit = reached();
		FakeCall call = new FakeCall(BackendState.GONE);
		this.watchdog.watch(call);
		Awaitility.await().until(() -> call.done.contains("cut No answer, and its server process is gone"));
		assertThat(call.done).hasSize(1);
	}

	@Test
	void aCallWhoseBackendWaitsIsEndedWithIt() {
		this.visit = reached();
		FakeCall call = new FakeCall(BackendState.WAITING);
		this.watchdog.watch(call);
		Awaitility.await().until(call::isOver);
		assertThat(call.done).containsExactly("end", "cut No answer, and its server process waits for us");
		assertThat(this.visits.get()).isGreaterThanOrEqualTo(2);
	}

	@Test
	void aCallThatIsWorkedForIsLeftAlone() {
		this.visit = reached();
		FakeCall call = new FakeCall(BackendState.WORKING);
		this.watchdog.watch(call);
		Awaitility.await().until(() -> this.visits.get() >= 2);
		assertThat(call.done).isEmpty();
		call.over = true;
		Awaitility.await().until(() -> threads() == 0);
	}

	@Test
	void aCallThatIsToBeLeftAloneIsNotLookedAtSoon() {
		this.visit = new Refused(new SQLException("too many clients", "53300"));
		FakeCall patient = new FakeCall(BackendState.WORKING);
		patient.leftAlone = Duration.ofHours(1).toNanos();
		this.watchdog.watch(patient);
		Awaitility.await().until(() -> this.visits.get() == 1);
		Awaitility.await().pollDelay(Duration.ofMillis(1300)).until(() -> this.visits.get() == 1);
	}

	@Test
	void aServerThatIsSilentThreeTimesEndsItsCalls() {
		FakeCall one = new FakeCall(BackendState.WORKING);
		FakeCall other = new FakeCall(BackendState.WORKING);
		long start = System.nanoTime();
		this.watchdog.watch(one);
		this.watchdog.watch(other);
		Awaitility.await().until(() -> one.isOver() && other.isOver());
		assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofSeconds(2).toNanos());
		assertThat(one.done).contains("cut No answer, and its server can't be reached");
		assertThat(this.visits.get()).isBetween(3, 5);
	}

	@Test
	void aRefusalIsNoSilence() {
		this.visit = new Refused(new SQLException("too many clients", "53300"));
		FakeCall call = new FakeCall(BackendState.WORKING);
		this.watchdog.watch(call);
		Awaitility.await().until(() -> this.visits.get() >= 4);
		assertThat(call.done).isEmpty();
	}

	@Test
	void oneThreadServesAllCalls() {
		this.visit = reached();
		for (int i = 0; i < 50; i++) {
			this.watchdog.watch(new FakeCall(BackendState.WORKING));
		}
		Awaitility.await().until(() -> this.visits.get() >= 1);
		assertThat(threads()).isOne();
	}

	// so long does silence last; who comes meanwhile takes part in the next visit
	private static void awaitEnd(long end) {
		while (end - System.nanoTime() > 0) {
			LockSupport.parkNanos(end - System.nanoTime());
		}
	}

	private Reached reached() {
		Connection connection = (Connection) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> null);
		return new Reached(connection, this.closed::incrementAndGet);
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((each) -> each.getName().equals("dog watchdog"))
			.count();
	}

	private static final class FakeCall implements WaitingCall {

		private final BackendState state;

		private final List<String> done = new CopyOnWriteArrayList<>();

		private final long began = System.nanoTime() - Duration.ofSeconds(1).toNanos();

		private volatile boolean over;

		private volatile long leftAlone;

		FakeCall(BackendState state) {
			this.state = state;
		}

		@Override
		public String address() {
			return "";
		}

		@Override
		public long leftAlone() {
			return this.leftAlone;
		}

		@Override
		public boolean isOver() {
			return this.over;
		}

		@Override
		public long heardAt() {
			return this.began;
		}

		@Override
		public BackendState look(Connection other) {
			return this.state;
		}

		@Override
		public void endBackend(Connection other) {
			this.done.add("end");
		}

		@Override
		public void cut(String reason) {
			this.done.add("cut " + reason);
			this.over = true;
		}

		@Override
		public void cutWithServer(String reason, long since) {
			this.done.add("server");
		}

	}

}
