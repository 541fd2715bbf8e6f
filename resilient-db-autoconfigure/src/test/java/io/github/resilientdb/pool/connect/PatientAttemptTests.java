package io.github.resilientdb.pool.connect;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.pool.socket.WireTicket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PatientAttemptTests {

	private final AtomicInteger opened = new AtomicInteger();

	private final AtomicInteger closed = new AtomicInteger();

	private final CountDownLatch answer = new CountDownLatch(1);

	private volatile boolean failing;

	private final PatientAttempt attempt = new PatientAttempt(System.nanoTime() + Duration.ofMinutes(1).toNanos(),
			this::open);

	@AfterEach
	void nothingIsLeft() {
		this.answer.countDown();
		this.attempt.close();
		Awaitility.await().until(() -> threads() == 0);
		assertThat(WireTicket.underWay()).isZero();
	}

	@Test
	void doesNothingBeforeItBegins() {
		assertThat(this.attempt.take()).isNull();
		assertThat(threads()).isZero();
	}

	@Test
	void isWaitedForByNobody() {
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
	void beginsAnewAfterAFailure() {
		this.failing = true;
		this.answer.countDown();
		this.attempt.begin();
		Awaitility.await().until(() -> threads() == 0);
		assertThat(this.attempt.take()).isNull();
		this.failing = false;
		this.attempt.begin();
		Awaitility.await().until(() -> this.attempt.take() != null);
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
		if (this.failing) {
			throw new SQLException("refused", "08001");
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
