package io.github.resilientdb.retry;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ShutdownAwareSleeper}.
 */
class ShutdownAwareSleeperTests {

	private final ShutdownAwareSleeper sleeper = new ShutdownAwareSleeper();

	@Test
	void sleeps() throws InterruptedException {
		long start = System.nanoTime();
		assertThat(this.sleeper.sleep(Duration.ofMillis(20))).isTrue();
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(20).toNanos());
	}

	@Test
	void wakesEveryoneWhenStopped() {
		CompletableFuture<Thread> started = new CompletableFuture<>();
		CompletableFuture<Boolean> slept = CompletableFuture.supplyAsync(() -> {
			started.complete(Thread.currentThread());
			try {
				return this.sleeper.sleep(Duration.ofHours(1));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		await().until(() -> started.join().getState() == Thread.State.TIMED_WAITING);
		this.sleeper.stop();
		assertThat(slept).succeedsWithin(5, TimeUnit.SECONDS).isEqualTo(false);
		assertThat(this.sleeper.isShuttingDown()).isTrue();
	}

	@Test
	void doesNotSleepOnceStopped() throws InterruptedException {
		this.sleeper.destroy();
		assertThat(this.sleeper.sleep(Duration.ofHours(1))).isFalse();
	}

	@Test
	void sleepsAgainWhenStartedAgain() throws InterruptedException {
		this.sleeper.stop();
		assertThat(this.sleeper.isRunning()).isFalse();
		this.sleeper.start();
		assertThat(this.sleeper.isRunning()).isTrue();
		assertThat(this.sleeper.sleep(Duration.ofNanos(1))).isTrue();
	}

	@Test
	void endsWhenInterrupted() {
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> this.sleeper.sleep(Duration.ofHours(1)));
	}

}
