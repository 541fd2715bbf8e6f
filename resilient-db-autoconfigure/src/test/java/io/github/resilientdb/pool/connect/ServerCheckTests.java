package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerCheckTests {

	private final ConnectHistory history = new ConnectHistory(System::nanoTime);

	private final AtomicInteger attempts = new AtomicInteger();

	private final ServerCheck check = new ServerCheck(this.history, this::attempt, Duration.ofSeconds(20));

	private final CountDownLatch serverAnswers = new CountDownLatch(1);

	private volatile @Nullable SQLException failure;

	@Test
	void connectsToFindOut() {
		this.serverAnswers.countDown();
		assertThat(this.check.answers(System.nanoTime(), inTime())).isTrue();
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void believesAnAnswerToAConnectThatBeganSince() {
		long since = System.nanoTime();
		this.history.succeeded(System.nanoTime() + 1);
		assertThat(this.check.answers(since, inTime())).isTrue();
		assertThat(this.attempts).hasValue(0);
	}

	@Test
	void believesNoAnswerFromBefore() {
		this.history.succeeded(System.nanoTime());
		this.failure = new SQLException("away", "08001");
		this.serverAnswers.countDown();
		assertThat(this.check.answers(System.nanoTime(), inTime())).isFalse();
	}

	@Test
	void takesARefusalForAnAnswer() {
		this.failure = new SQLException("too many clients", "53300");
		this.serverAnswers.countDown();
		assertThat(this.check.answers(System.nanoTime(), inTime())).isTrue();
	}

	@Test
	void oneAttemptServesAllWhoAskAtTheSameTime() throws Exception {
		long since = System.nanoTime();
		Running<Boolean> first = ThreadKind.PLATFORM.start(() -> this.check.answers(since, inTime()));
		Awaitility.await().until(() -> this.attempts.get() == 1);
		Running<Boolean> second = ThreadKind.PLATFORM.start(() -> this.check.answers(since, inTime()));
		Awaitility.await().until(() -> second.thread().getState() == Thread.State.TIMED_WAITING);
		this.failure = new SQLException("away", "08001");
		this.serverAnswers.countDown();
		assertThat(first.result()).isFalse();
		assertThat(second.result()).isFalse();
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void waitsForTheAttemptOfAnotherNoLongerThanAsked() throws Exception {
		Running<Boolean> first = ThreadKind.PLATFORM.start(() -> this.check.answers(System.nanoTime(), inTime()));
		Awaitility.await().until(() -> this.attempts.get() == 1);
		assertThat(this.check.answers(System.nanoTime(), System.nanoTime() + 1)).isFalse();
		this.serverAnswers.countDown();
		assertThat(first.result()).isTrue();
	}

	@Test
	void keepsAnInterruptForLater() throws Exception {
		Running<Boolean> first = ThreadKind.PLATFORM.start(() -> this.check.answers(System.nanoTime(), inTime()));
		Awaitility.await().until(() -> this.attempts.get() == 1);
		Thread.currentThread().interrupt();
		assertThat(this.check.answers(System.nanoTime(), System.nanoTime() + 1)).isFalse();
		assertThat(Thread.interrupted()).isTrue();
		this.serverAnswers.countDown();
		first.result();
	}

	private void attempt(long deadline) throws SQLException {
		Long start = this.history.began();
		this.attempts.incrementAndGet();
		try {
			this.serverAnswers.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
		if (this.failure != null) {
			this.history.failed(start, this.failure);
			throw this.failure;
		}
		this.history.succeeded(start);
	}

	private static long inTime() {
		return System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
	}

}
