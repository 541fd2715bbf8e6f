package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.pool.connect.OutageState.Report;
import io.github.resilientdb.pool.connect.OutageState.Signal;
import io.github.resilientdb.pool.connect.OutageState.Transition;
import io.github.resilientdb.testsupport.CapturedLog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Outage} and {@link OutageState}.
 */
class OutageTests {

	private static final SQLException REFUSED = new SQLException("refused", "08001");

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final AtomicBoolean answering = new AtomicBoolean();

	private final AtomicInteger asked = new AtomicInteger();

	private Outage outage = outage(new Recorder());

	private Outage outage(ConnectionPoolListener listener) {
		return new Outage(() -> "bank", listener, () -> {
			this.asked.incrementAndGet();
			return this.answering.get();
		}, Duration.ofMillis(5), System::nanoTime);
	}

	@AfterEach
	void close() {
		this.outage.close();
		Awaitility.await().until(() -> askers() == 0);
	}

	@ParameterizedTest
	@CsvSource({ "ANSWERING, CONNECT_FAILED, OUT, BEGAN", "ANSWERING, ANSWERED, ANSWERING, NOTHING",
			"ANSWERING, POOL_CLOSED, CLOSED, NOTHING", "OUT, CONNECT_FAILED, OUT, NOTHING",
			"OUT, ANSWERED, ANSWERING, ENDED", "OUT, POOL_CLOSED, CLOSED, ABANDONED",
			"CLOSED, CONNECT_FAILED, CLOSED, NOTHING", "CLOSED, ANSWERED, CLOSED, NOTHING",
			"CLOSED, POOL_CLOSED, CLOSED, NOTHING" })
	void moves(OutageState state, Signal signal, OutageState next, Report report) {
		assertThat(state.on(signal)).isEqualTo(new Transition(next, report));
	}

	@Test
	void lastsFromTheFirstFailureToConnectToTheFirstAnswer() {
		this.outage.answered(System.nanoTime());
		this.outage.connectFailed("connect-failed", REFUSED);
		this.outage.connectFailed("connect-failed", REFUSED);
		this.outage.answered(System.nanoTime());
		this.outage.answered(System.nanoTime());
		assertThat(this.told).containsExactly("began connect-failed", "ended");
	}

	@Test
	void isNotBegunByALostConnection() {
		this.outage.connectionLost("admin-shutdown", new SQLException("terminated", "57P01"), Phase.TRANSACTION, 3);
		assertThat(this.told).isEmpty();
		assertThat(askers()).isZero();
	}

	@Test
	void isNotEndedByWhatWasAskedBeforeItBegan() {
		long before = System.nanoTime() - 1;
		this.outage.connectFailed("connect-failed", REFUSED);
		this.outage.answered(before);
		assertThat(this.told).containsExactly("began connect-failed");
	}

	@Test
	void endsWithoutTraffic() {
		this.outage.connectFailed("connect-failed", REFUSED);
		Awaitility.await().until(() -> this.asked.get() > 3);
		assertThat(this.told).containsExactly("began connect-failed");
		assertThat(askers()).isOne();
		this.answering.set(true);
		Awaitility.await().until(() -> this.told.contains("ended"));
		Awaitility.await().until(() -> askers() == 0);
		int asked = this.asked.get();
		this.outage.connectFailed("connect-failed", REFUSED);
		Awaitility.await().until(() -> this.asked.get() > asked);
	}

	@Test
	@ExtendWith(CapturedLog.Extension.class)
	void isWorthALineAfterAnotherOneOnlyIfItGoesOn(CapturedLog log) {
		AtomicLong now = new AtomicLong();
		this.outage = new Outage(() -> "bank", new Recorder(), () -> false, Duration.ofMillis(5), now::get);
		this.outage.connectFailed("connect-failed", REFUSED);
		this.outage.answered(now.incrementAndGet());
		this.outage.connectFailed("eof", REFUSED);
		this.outage.answered(now.incrementAndGet());
		this.outage.connectFailed("timeout", REFUSED);
		now.addAndGet(Duration.ofSeconds(1).toNanos());
		Awaitility.await().untilAsserted(() -> assertThat(log).contains("(timeout)"));
		assertThat(log).contains("(connect-failed)").doesNotContain("(eof)");
		assertThat(this.told).containsExactly("began connect-failed", "ended", "began eof", "ended", "began timeout");
	}

	@Test
	void isAbandonedWithItsPool() {
		this.outage.connectFailed("connect-failed", REFUSED);
		this.outage.close();
		this.outage.connectFailed("connect-failed", REFUSED);
		this.outage.answered(System.nanoTime());
		assertThat(this.told).containsExactly("began connect-failed", "abandoned");
		Awaitility.await().until(() -> askers() == 0);
	}

	@Test
	void isReportedInOrderThoughTheListenerIsSlow() throws Exception {
		CountDownLatch beginning = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		this.outage = outage(new Recorder() {

			@Override
			public void outageBegan(String pool, String reason) {
				beginning.countDown();
				await(goOn);
				super.outageBegan(pool, reason);
			}

		});
		Thread slow = new Thread(() -> this.outage.connectFailed("connect-failed", REFUSED));
		slow.start();
		beginning.await();
		this.outage.answered(System.nanoTime());
		assertThat(this.told).isEmpty();
		goOn.countDown();
		slow.join();
		assertThat(this.told).containsExactly("began connect-failed", "ended");
	}

	@Test
	void outlivesAListenerThatThrows() {
		this.outage = outage(new Recorder() {

			@Override
			public void outageBegan(String pool, String reason) {
				super.outageBegan(pool, reason);
				throw new NoClassDefFoundError("a listener that fails");
			}

		});
		this.outage.connectFailed("connect-failed", REFUSED);
		this.outage.answered(System.nanoTime());
		assertThat(this.told).containsExactly("began connect-failed", "ended");
	}

	@Test
	void beginsAndEndsInTurnHoweverThreadsInterleave() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				boolean failing = i % 2 == 0;
				running.add(threads.submit(() -> {
					for (int j = 0; j < 2000; j++) {
						if (failing) {
							this.outage.connectFailed("connect-failed", REFUSED);
						}
						else {
							this.outage.answered(System.nanoTime());
						}
					}
				}));
			}
			for (Future<?> future : running) {
				future.get();
			}
		}
		finally {
			threads.shutdown();
		}
		this.outage.answered(System.nanoTime());
		Awaitility.await().until(() -> this.told.size() % 2 == 0);
		for (int i = 0; i < this.told.size(); i++) {
			assertThat(this.told.get(i)).startsWith((i % 2 == 0) ? "began" : "ended");
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static long askers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("resilientdb-outage-bank"))
			.count();
	}

	private class Recorder implements ConnectionPoolListener {

		@Override
		public void outageBegan(String pool, String reason) {
			OutageTests.this.told.add("began " + reason);
		}

		@Override
		public void outageEnded(String pool, Duration length) {
			OutageTests.this.told.add("ended");
		}

		@Override
		public void outageAbandoned(String pool) {
			OutageTests.this.told.add("abandoned");
		}

	}

}
