package io.github.resilientdb.integration;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of single calls in a whole application, with each of the transaction
 * managers, when the server ends their sessions.
 */
class TransactionIntegrationTests {

	private static final Map<TransactionKind, ConfigurableApplicationContext> contexts = new EnumMap<>(
			TransactionKind.class);

	private static TestDatabase database;

	@BeforeAll
	static void createDatabase() {
		database = TestDatabase.create();
	}

	@AfterAll
	static void closeContexts() {
		contexts.values().forEach(ConfigurableApplicationContext::close);
		contexts.clear();
	}

	@BeforeEach
	void empty() {
		database.execute("truncate note");
	}

	/**
	 * Return what works in an application without further properties.
	 */
	private static Notes notes(TransactionKind kind) {
		return contexts.computeIfAbsent(kind, (one) -> one.startWith(database)).getBean(Notes.class);
	}

	@ParameterizedTest
	@EnumSource
	void aPlainTransactionFailsWithTheSqlStateOfTheServer(TransactionKind kind) {
		Notes notes = notes(kind);
		assertThatException().isThrownBy(() -> notes.plainly(() -> {
			notes.write("first");
			database.kill(notes.backend());
			notes.write("second");
			return "done";
		})).satisfies((ex) -> assertThat(sqlStates(ex)).contains("57P01"));
		assertThat(notes.read()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void aRetryableTransactionIsRerun(TransactionKind kind) throws Exception {
		Notes notes = notes(kind);
		AtomicInteger attempts = new AtomicInteger();
		assertThat(notes.retryably(() -> {
			notes.write("first");
			if (attempts.incrementAndGet() == 1) {
				database.kill(notes.backend());
			}
			notes.write("second");
			return "done";
		})).isEqualTo("done");
		assertThat(attempts).hasValue(2);
		assertThat(notes.read()).containsExactly("first", "second");
	}

	@ParameterizedTest
	@EnumSource
	void theLastFailureIsThrownWithTheEarlierOnesSuppressed(TransactionKind kind) {
		try (ConfigurableApplicationContext context = kind.startWith(database, "resilientdb.retry.max-attempts=3",
				"resilientdb.retry.backoff.initial=1ms")) {
			Notes notes = context.getBean(Notes.class);
			assertThatException().isThrownBy(() -> notes.retryably(() -> {
				database.kill(notes.backend());
				notes.write("first");
				return "done";
			})).satisfies((ex) -> {
				assertThat(sqlStates(ex)).contains("57P01");
				assertThat(ex.getSuppressed()).hasSize(2)
					.allSatisfy((earlier) -> assertThat(sqlStates(earlier)).contains("57P01"));
			});
			assertThat(notes.read()).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource({ "JPA, true", "JPA, false", "JDBC, true", "JDBC, false", "DATA_SOURCE, true", "DATA_SOURCE, false" })
	void aLostCommitThatIsNotVerifiedIsUnknown(TransactionKind kind, boolean delivered) {
		try (FaultProxy proxy = FaultProxy.inFrontOf(database.server());
				ConfigurableApplicationContext context = kind.start(withProxy(proxy))) {
			Notes notes = context.getBean(Notes.class);
			AtomicInteger attempts = new AtomicInteger();
			AtomicReference<Integer> status = new AtomicReference<>();
			ArmedFault fault = proxy.arm(delivered ? Fault.DROP_RESPONSE : Fault.DROP_REQUEST);
			assertThatExceptionOfType(TransactionOutcomeUnknownException.class).isThrownBy(() -> notes.retryably(() -> {
				attempts.incrementAndGet();
				registerCompletion(status);
				notes.write("once");
				return "done";
			})).satisfies((ex) -> {
				assertThat(sqlStates(ex)).anyMatch((state) -> state.startsWith("08"));
				assertThat(ex.getCause()).as("the disconnect").isNotNull();
			});
			fault.await(Duration.ofSeconds(10));
			assertThat(status).hasValue(TransactionSynchronization.STATUS_UNKNOWN);
			assertThat(attempts).hasValue(1);
			assertThat(notes.read()).hasSize(delivered ? 1 : 0);
		}
	}

	private static String[] withProxy(FaultProxy proxy) {
		List<String> properties = new ArrayList<>(List.of(database.properties(proxy)));
		properties.add("resilientdb.commit.verification=none");
		return properties.toArray(String[]::new);
	}

	@ParameterizedTest
	@CsvSource({ "JPA, true", "JPA, false", "JDBC, true", "JDBC, false", "DATA_SOURCE, true", "DATA_SOURCE, false" })
	void theOutcomeOfALostCommitIsLookedUp(TransactionKind kind, boolean delivered) throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(database.server());
				ConfigurableApplicationContext context = kind.start(database.properties(proxy))) {
			Notes notes = context.getBean(Notes.class);
			AtomicInteger attempts = new AtomicInteger();
			AtomicReference<Integer> status = new AtomicReference<>();
			ArmedFault fault = proxy.arm(delivered ? Fault.DROP_RESPONSE : Fault.DROP_REQUEST);
			notes.retryably(() -> {
				attempts.incrementAndGet();
				registerCompletion(status);
				notes.write("once");
				return "done";
			});
			fault.await(Duration.ofSeconds(10));
			assertThat(status).hasValue(TransactionSynchronization.STATUS_COMMITTED);
			assertThat(attempts).hasValue(delivered ? 1 : 2);
			assertThat(notes.read()).containsExactly("once");
		}
	}

	private static void registerCompletion(AtomicReference<Integer> last) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCompletion(int status) {
				last.set(status);
			}

		});
	}

	@ParameterizedTest
	@EnumSource
	void aBusinessExceptionPassesAfterOneAttempt(TransactionKind kind) {
		Notes notes = notes(kind);
		AtomicInteger attempts = new AtomicInteger();
		IllegalStateException exception = new IllegalStateException("no money");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> notes.retryably(() -> {
			attempts.incrementAndGet();
			notes.write("first");
			throw exception;
		})).isSameAs(exception).withNoCause();
		assertThat(exception.getSuppressed()).isEmpty();
		assertThat(attempts).hasValue(1);
		assertThat(notes.read()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void aCheckedExceptionOnWhichSpringCommitsIsNotRerun(TransactionKind kind) {
		Notes notes = notes(kind);
		AtomicInteger attempts = new AtomicInteger();
		IOException exception = new IOException("lost", new SQLException("lost", "08006"));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> notes.retryably(() -> {
			attempts.incrementAndGet();
			notes.write("first");
			throw exception;
		})).isSameAs(exception);
		assertThat(attempts).hasValue(1);
		assertThat(notes.read()).containsExactly("first");
	}

	@ParameterizedTest
	@EnumSource
	void aDisconnectAfterTheCommitIsNotRerun(TransactionKind kind) {
		Notes notes = notes(kind);
		AtomicInteger attempts = new AtomicInteger();
		assertThatException().isThrownBy(() -> notes.retryably(() -> {
			attempts.incrementAndGet();
			notes.write("first");
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					database.kill(notes.backend());
					notes.read();
				}

			});
			return "done";
		})).satisfies((ex) -> assertThat(sqlStates(ex)).contains("57P01"));
		assertThat(attempts).hasValue(1);
		assertThat(notes.read()).containsExactly("first");
	}

	@ParameterizedTest
	@EnumSource
	void anInterruptEndsTheBackOffWithTheOriginalFailureAsCause(TransactionKind kind) throws Exception {
		try (ConfigurableApplicationContext context = kind.startWith(database, "resilientdb.retry.backoff.initial=1h",
				"resilientdb.retry.backoff.max=1h", "resilientdb.retry.deadline=2h")) {
			Notes notes = context.getBean(Notes.class);
			AtomicInteger attempts = new AtomicInteger();
			AtomicReference<Exception> failure = new AtomicReference<>();
			AtomicReference<Boolean> flag = new AtomicReference<>();
			Thread caller = new Thread(() -> {
				try {
					notes.retryably(() -> {
						int backend = notes.backend();
						attempts.incrementAndGet();
						database.kill(backend);
						notes.write("first");
						return "done";
					});
				}
				catch (Exception ex) {
					failure.set(ex);
				}
				flag.set(Thread.currentThread().isInterrupted());
			});
			caller.start();
			Awaitility.await().until(() -> isBackingOff(caller));
			caller.interrupt();
			caller.join(30_000);
			assertThat(caller.isAlive()).isFalse();
			assertThat(flag).hasValue(true);
			assertThat(attempts).hasValue(1);
			assertThat(failure.get().getCause()).satisfies((ex) -> assertThat(sqlStates(ex)).contains("57P01"));
		}
	}

	private static boolean isBackingOff(Thread thread) {
		return List.of(thread.getStackTrace())
			.stream()
			.anyMatch((frame) -> frame.getClassName().endsWith("ShutdownAwareSleeper"));
	}

	@Test
	void oneIncidentIsNoticedOnceWhateverTheNumberOfThreads() throws Exception {
		try (ConfigurableApplicationContext context = TransactionKind.JPA.startWith(database,
				"spring.datasource.hikari.maximum-pool-size=8")) {
			Notes notes = context.getBean(Notes.class);
			Notes.Incidents incidents = context.getBean(Notes.Incidents.class);
			Awaitility.await().until(() -> incidents.opened.get() == 8);
			AtomicInteger attempts = new AtomicInteger();
			CyclicBarrier connected = new CyclicBarrier(8, database::killAll);
			List<Thread> threads = new ArrayList<>();
			List<Exception> failures = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				Thread thread = new Thread(() -> {
					AtomicInteger own = new AtomicInteger();
					try {
						notes.retryably(() -> {
							attempts.incrementAndGet();
							notes.write("first");
							if (own.incrementAndGet() == 1) {
								connected.await(60, TimeUnit.SECONDS);
							}
							notes.write("second");
							return "done";
						});
					}
					catch (Exception ex) {
						synchronized (failures) {
							failures.add(ex);
						}
					}
				});
				threads.add(thread);
				thread.start();
			}
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(failures).isEmpty();
			assertThat(attempts).hasValue(16);
			assertThat(notes.read()).hasSize(16);
			// The first death makes the others suspect, the second shows that all are
			assertThat(incidents.count).hasValueBetween(1, 2);
			assertThat(incidents.opened).hasValueLessThanOrEqualTo(16);
		}
	}

	private static List<String> sqlStates(Throwable failure) {
		List<String> states = new ArrayList<>();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException ex && ex.getSQLState() != null) {
				states.add(ex.getSQLState());
			}
		}
		return states;
	}

}
