package io.github.resilientdb.commit;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class VerificationGateTests {

	private final AtomicInteger opened = new AtomicInteger();

	private final AtomicInteger closed = new AtomicInteger();

	private final AtomicInteger most = new AtomicInteger();

	private final VerificationGate gate = new VerificationGate(this::open);

	private Connection open(long deadlineNanos) {
		this.most.accumulateAndGet(this.opened.incrementAndGet() - this.closed.get(), Math::max);
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("close")) {
						this.closed.incrementAndGet();
					}
					return null;
				});
	}

	private static Deadline in(int seconds) {
		return Deadline.after(Duration.ofSeconds(seconds));
	}

	@Test
	void connectionServesTheNextQuestionAsLongAsSomeoneAsks() throws SQLException {
		try (Uninterrupted thread = new Uninterrupted()) {
			this.gate.enter();
			for (int i = 0; i < 5; i++) {
				this.gate.ask(thread, in(10 + i), (connection, until) -> "answer");
			}
			assertThat(this.opened).hasValue(1);
			assertThat(this.closed).hasValue(0);
			this.gate.leave();
		}
		assertThat(this.closed).hasValue(1);
	}

	@Test
	void connectionThatOutlivesTheDeadlineIsNotUsed() throws SQLException {
		try (Uninterrupted thread = new Uninterrupted()) {
			this.gate.enter();
			long start = System.nanoTime();
			for (int i = 10; i > 0; i--) {
				this.gate.ask(thread, new Deadline(start + TimeUnit.MILLISECONDS.toNanos(1800 + 100 * i)),
						(connection, until) -> "answer");
			}
			assertThat(this.opened).hasValue(10);
			assertThat(this.most).hasValueLessThanOrEqualTo(VerificationGate.CONNECTIONS);
			this.gate.leave();
		}
		assertThat(this.closed).hasValue(10);
	}

	@Test
	void connectionOfAFailedQuestionIsClosed() {
		try (Uninterrupted thread = new Uninterrupted()) {
			this.gate.enter();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> this.gate.ask(thread, in(10), (connection, until) -> {
					throw new SQLException("lost");
				}));
			assertThat(this.closed).hasValue(1);
		}
	}

	@Test
	void uncheckedFailuresToConnectTakeNoPlace() throws Exception {
		AtomicInteger failures = new AtomicInteger();
		VerificationGate gate = new VerificationGate((deadline) -> {
			if (failures.incrementAndGet() > 5) {
				return open(deadline);
			}
			if (failures.get() % 2 == 0) {
				throw new IllegalStateException("no credentials");
			}
			throw new LinkageError("no driver");
		});
		try (Uninterrupted thread = new Uninterrupted()) {
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(VerificationGate.NoConnectionException.class)
					.isThrownBy(() -> gate.ask(thread, in(30), (connection, until) -> "answer"));
			}
		}
		askFromManyThreads(gate);
		assertThat(this.most).hasValueLessThanOrEqualTo(VerificationGate.CONNECTIONS);
		assertThat(this.closed).hasValue(this.opened.get());
	}

	@Test
	void uncheckedFailuresToAskTakeNoPlace() throws Exception {
		try (Uninterrupted thread = new Uninterrupted()) {
			for (int i = 0; i < 5; i++) {
				assertThatExceptionOfType(IllegalStateException.class)
					.isThrownBy(() -> this.gate.ask(thread, in(30), (connection, until) -> {
						throw new IllegalStateException("driver");
					}));
			}
		}
		askFromManyThreads(this.gate);
		assertThat(this.most).hasValueLessThanOrEqualTo(VerificationGate.CONNECTIONS);
		assertThat(this.closed).hasValue(this.opened.get());
	}

	private static void askFromManyThreads(VerificationGate gate) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(8);
		try {
			List<Future<?>> answers = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				int seconds = 30 + i % 7;
				answers.add(executor.submit(() -> {
					gate.enter();
					try (Uninterrupted thread = new Uninterrupted()) {
						return gate.ask(thread, in(seconds), (connection, until) -> "answer");
					}
					finally {
						gate.leave();
					}
				}));
			}
			for (Future<?> answer : answers) {
				assertThat(answer.get()).isEqualTo("answer");
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void atMostTwoAskAtOnceAndTheOthersGiveUpInTime() throws Exception {
		CountDownLatch asking = new CountDownLatch(VerificationGate.CONNECTIONS);
		CountDownLatch end = new CountDownLatch(1);
		ExecutorService executor = Executors.newCachedThreadPool();
		try (Uninterrupted thread = new Uninterrupted()) {
			List<Future<String>> answers = new ArrayList<>();
			for (int i = 0; i < VerificationGate.CONNECTIONS; i++) {
				answers.add(executor.submit(() -> {
					try (Uninterrupted other = new Uninterrupted()) {
						return this.gate.ask(other, in(30), (connection, until) -> {
							asking.countDown();
							await(end);
							return "answer";
						});
					}
				}));
			}
			asking.await();
			assertThatExceptionOfType(VerificationGate.NoTurnException.class).isThrownBy(() -> this.gate.ask(thread,
					Deadline.after(Duration.ofMillis(20)), (connection, until) -> "answer"));
			end.countDown();
			for (Future<String> answer : answers) {
				assertThat(answer.get()).isEqualTo("answer");
			}
			assertThat(this.opened).hasValue(VerificationGate.CONNECTIONS);
			assertThat(this.closed).hasValue(VerificationGate.CONNECTIONS);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void interruptIsPutAsideAndRestored() throws SQLException {
		Thread.currentThread().interrupt();
		try (Uninterrupted thread = new Uninterrupted()) {
			boolean interrupted = this.gate.ask(thread, in(30),
					(connection, until) -> Thread.currentThread().isInterrupted());
			assertThat(interrupted).isFalse();
		}
		assertThat(Thread.interrupted()).isTrue();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
