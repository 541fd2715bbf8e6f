package io.github.resilientdb.test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CallGuardTests {

	private static final Duration SOON = Duration.ofMillis(1);

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final CountDownLatch rescued = new CountDownLatch(1);

	@AfterEach
	void shutDown() {
		this.timer.shutdownNow();
	}

	@Test
	void interruptsACallThatHangs() {
		CallGuard guard = CallGuard.begin(this.timer, SOON, this.rescued::countDown);
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> new CountDownLatch(1).await());
		assertThat(guard.end()).isTrue();
		assertThat(this.rescued.getCount()).isZero();
		assertThatNothingIsInterrupted();
	}

	@Test
	void leavesACallAloneThatEnds() {
		CallGuard guard = CallGuard.begin(this.timer, Duration.ofHours(1), this.rescued::countDown);
		assertThat(guard.end()).isFalse();
		assertThat(this.rescued.getCount()).isOne();
		assertThatNothingIsInterrupted();
	}

	@Test
	void interruptsNothingAfterACallThatTheRescueHasEnded() throws InterruptedException {
		CallGuard guard = CallGuard.begin(this.timer, SOON, () -> {
			this.rescued.countDown();
			sleep(Duration.ofMillis(50));
		});
		this.rescued.await();
		assertThat(guard.end()).isTrue();
		assertThatNothingIsInterrupted();
	}

	private void assertThatNothingIsInterrupted() {
		this.timer.shutdown();
		boolean over = false;
		boolean interrupted = false;
		try {
			over = this.timer.awaitTermination(1, TimeUnit.MINUTES);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		assertThat(interrupted || Thread.interrupted()).isFalse();
		assertThat(over).isTrue();
	}

	private static void sleep(Duration time) {
		try {
			Thread.sleep(time.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
