package com.example.bank.trial;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClientsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final AtomicInteger calls = new AtomicInteger();

	@Test
	void makeNoMoreCallsThanTheRateAllows() throws InterruptedException {
		try (Clients clients = new Clients("test", this.calls::incrementAndGet)) {
			long begin = System.nanoTime();
			clients.work(new Load(4, 50));
			Awaitility.await().atMost(PATIENCE).until(() -> this.calls.get() >= 11);
			clients.pause();
			assertThat(clients.awaitIdle(PATIENCE)).isTrue();
			Duration taken = Duration.ofNanos(System.nanoTime() - begin);
			int made = this.calls.get();
			assertThat(taken).isGreaterThanOrEqualTo(Duration.ofMillis(20).multipliedBy(made - 1));
			assertThat(clients.awaitIdle(Duration.ZERO)).isTrue();
			assertThat(this.calls).hasValue(made);
		}
	}

	@Test
	void eachClientWaitsForItsAnswer() throws InterruptedException {
		Semaphore answers = new Semaphore(0);
		try (Clients clients = new Clients("test", () -> {
			this.calls.incrementAndGet();
			answers.acquireUninterruptibly();
		})) {
			clients.work(new Load(2, Load.MAX_RATE));
			Awaitility.await().atMost(PATIENCE).until(() -> this.calls.get() == 2);
			clients.work(new Load(3, Load.MAX_RATE));
			Awaitility.await().atMost(PATIENCE).until(() -> this.calls.get() == 3);
			clients.pause();
			assertThat(clients.awaitIdle(Duration.ofMillis(50))).isFalse();
			assertThat(this.calls).hasValue(3);
			answers.release(Load.MAX_THREADS);
			assertThat(clients.awaitIdle(PATIENCE)).isTrue();
		}
	}

	@Test
	void workAgainAfterAPause() {
		try (Clients clients = new Clients("test", this.calls::incrementAndGet)) {
			clients.work(new Load(2, Load.MAX_RATE));
			clients.pause();
			clients.work(new Load(2, Load.MAX_RATE));
			int before = this.calls.get();
			Awaitility.await().atMost(PATIENCE).until(() -> this.calls.get() > before);
		}
	}

	@Test
	void closeInterruptsACallThatHangs() throws InterruptedException {
		CountDownLatch interrupted = new CountDownLatch(1);
		Clients clients = new Clients("test", () -> {
			this.calls.incrementAndGet();
			try {
				Thread.sleep(PATIENCE.toMillis() * 10);
			}
			catch (InterruptedException ex) {
				interrupted.countDown();
				Thread.currentThread().interrupt();
			}
		});
		clients.work(new Load(1, Load.MAX_RATE));
		Awaitility.await().atMost(PATIENCE).until(() -> this.calls.get() == 1);
		clients.close();
		assertThat(clients.awaitIdle(PATIENCE)).isTrue();
		assertThat(interrupted.getCount()).isZero();
	}

}
