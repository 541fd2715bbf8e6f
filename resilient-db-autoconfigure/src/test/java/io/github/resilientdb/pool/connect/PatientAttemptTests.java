package io.github.resilientdb.pool.connect;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.pool.socket.WireTicket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PatientAttemptTests {

	private final AtomicInteger opened = new AtomicInteger();

	private final AtomicInteger closed = new AtomicInteger();

	private final CountDownLatch answer = new CountDownLatch(1);

	private volatile @Nullable SQLException failure;

	private final PatientAttempt attempt = new PatientAttempt(System.nanoTime() + Duration.ofMinutes(1).toNanos(),
			this::open);

	@BeforeEach
	void othersAreGone() {
		Awaitility.await().until(() -> threads() == 0);
	}

	@AfterEach
	void nothingIsLeft() {
		this.answer.countDown();
		this.attempt.close();
		Awaitility.await().until(() -> threads() == 0);
		assertThat(WireTicket.underWay()).isZero();
	}

	@Test
	void doesNothingBeforeItBegins() throws Exception {
		assertThat(this.attempt.take()).isNull();
		assertThat(threads()).isZero();
	}

	@Test
	void isWaitedForByNobody() throws Exception {
		this.attempt.begin();
		this.attempt.begin();
		assertThat(this.attempt.take()).isNull();
		assertThat(threads()).isOne();
		this.answer.countDown();
		Awaitility.await().until(() -> this.attempt.take() != null);
		assertThat(this.attempt.take()).isNull();
		assertThat(this.opened).hasValue(1);
		this.attempt.close();
		assertThat(this.closed).hasValue(0);
	}

	@Test
	void beginsAnewAfterAFailure() throws Exception {
		this.failure = new SQLException("refused", "08001");
		this.answer.countDown();
		this.attempt.begin();
		Awaitility.await().until(() -> threads() == 0);
		assertThat(this.attempt.take()).isNull();
		this.failure = null;
		this.attempt.begin();
		Awaitility.await().until(() -> this.attempt.take() != null);
	}

	@Test
	void tellsWhyAServerThatHasAnsweredLetsNobodyIn() throws Exception {
		this.failure = new SQLException("password", "28P01");
		this.attempt.begin();
		assertThat(this.attempt.await(TimeUnit.MILLISECONDS.toNanos(1))).isFalse();
		this.answer.countDown();
		assertThat(this.attempt.await(TimeUnit.MINUTES.toNanos(1))).isTrue();
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.attempt::take).withMessage("password");
		assertThat(this.attempt.take()).isNull();
	}

	@Test
	void whatComesTooLateIsClosed() {
		this.attempt.begin();
		this.attempt.close();
		this.answer.countDown();
		Awaitility.await().until(() -> this.closed.get() == 1);
	}

	@Test
	void whatNobodyTookIsClosed() {
		this.answer.countDown();
		this.attempt.begin();
		Awaitility.await().until(() -> threads() == 0);
		this.attempt.close();
		assertThat(this.opened).hasValue(1);
		assertThat(this.closed).hasValue(1);
	}

	private Physical open(WireTicket ticket) throws SQLException {
		try {
			this.answer.await();
		}
		catch (InterruptedException ex) {
			throw new SQLException(ex);
		}
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

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("resilientdb-connect"))
			.count();
	}

}
