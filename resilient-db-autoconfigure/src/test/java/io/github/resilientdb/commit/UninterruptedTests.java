package io.github.resilientdb.commit;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Uninterrupted}.
 */
// The flag is that of the test's thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class UninterruptedTests {

	private static final Deadline LATER = Deadline.after(Duration.ofMinutes(1));

	@AfterEach
	void clear() {
		Thread.interrupted();
	}

	@Test
	void leavesNoFlagWhereThereWasNone() {
		try (Uninterrupted thread = new Uninterrupted()) {
			thread.check();
			thread.pause(1);
		}
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void putsTheFlagAsideAndBack() {
		Thread.currentThread().interrupt();
		try (Uninterrupted thread = new Uninterrupted()) {
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
		}
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void putsAsideAFlagThatIsSetInTheMeantime() {
		try (Uninterrupted thread = new Uninterrupted()) {
			Thread.currentThread().interrupt();
			thread.check();
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
		}
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void keepsAFlagThatIsSetAtTheLastMoment() {
		try (Uninterrupted thread = new Uninterrupted()) {
			Thread.currentThread().interrupt();
		}
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void pausesToTheEndThoughInterrupted() {
		try (Uninterrupted thread = new Uninterrupted()) {
			Thread.currentThread().interrupt();
			long started = System.nanoTime();
			thread.pause(20_000_000);
			assertThat(System.nanoTime() - started).isGreaterThanOrEqualTo(20_000_000);
			assertThat(Thread.currentThread().isInterrupted()).isFalse();
		}
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void getsItsTurnThoughInterrupted() {
		ReentrantLock lock = new ReentrantLock();
		Semaphore semaphore = new Semaphore(1);
		try (Uninterrupted thread = new Uninterrupted()) {
			Thread.currentThread().interrupt();
			assertThat(thread.lock(lock, LATER)).isTrue();
			Thread.currentThread().interrupt();
			assertThat(thread.acquire(semaphore, LATER)).isTrue();
		}
		assertThat(lock.isHeldByCurrentThread()).isTrue();
		assertThat(semaphore.availablePermits()).isZero();
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	@Test
	void takesWhatIsFreeEvenIfTimeIsUp() {
		try (Uninterrupted thread = new Uninterrupted()) {
			assertThat(thread.lock(new ReentrantLock(), new Deadline(System.nanoTime() - 1))).isTrue();
			assertThat(thread.acquire(new Semaphore(1), new Deadline(System.nanoTime() - 1))).isTrue();
		}
	}

	@Test
	void givesUpWhatIsTakenWhenTimeIsUp() {
		Semaphore taken = new Semaphore(0);
		try (Uninterrupted thread = new Uninterrupted()) {
			Thread.currentThread().interrupt();
			assertThat(thread.acquire(taken, Deadline.after(Duration.ofMillis(5)))).isFalse();
		}
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

}
