package io.github.resilientdb.integration;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.integration.CommittingApplication.Kind;
import io.github.resilientdb.integration.CommittingApplication.Manager;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Traffic;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what an application learns of a lost COMMIT, with each transaction manager of
 * Spring's and each verification.
 */
class LostCommitIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Map<String, CommittingApplication> applications = new HashMap<>();

	private final String text = UUID.randomUUID().toString();

	private final AtomicInteger attempts = new AtomicInteger();

	private final AtomicReference<String> backend = new AtomicReference<>();

	private CommittingApplication application;

	static Stream<Arguments> managers() {
		return Stream.of("xid", "marker")
			.flatMap((verification) -> Stream.of(Manager.values())
				.map((manager) -> Arguments.of(verification, manager)));
	}

	static Stream<Arguments> kinds() {
		return managers().flatMap((arguments) -> Stream.of(Kind.RETRYABLE, Kind.PLAIN)
			.map((kind) -> Arguments.of(arguments.get()[0], arguments.get()[1], kind)));
	}

	@BeforeEach
	void reset() {
		this.attempts.set(0);
	}

	@AfterEach
	void heal() {
		applications.values().forEach((application) -> application.proxy().heal());
	}

	@AfterAll
	static void stop() {
		applications.values().forEach(CommittingApplication::close);
		applications.clear();
	}

	private void use(String verification, Kind kind) {
		use(verification, (kind == Kind.PLAIN) ? "all" : "retryable");
	}

	private void use(String verification, String scope) {
		use(verification, scope, "10s");
	}

	/**
	 * Use an application that does not look for long: for what is in vain.
	 */
	private void useHurried(String verification, Kind kind) {
		use(verification, (kind == Kind.PLAIN) ? "all" : "retryable", "1s");
	}

	private void use(String verification, String scope, String timeout) {
		this.application = applications.computeIfAbsent(String.join("/", verification, scope, timeout),
				(name) -> CommittingApplication.start(verification.equals("marker"),
						"resilientdb.commit.verification=" + verification, "resilientdb.commit.scope=" + scope,
						"resilientdb.commit.timeout=" + timeout, "resilientdb.pool.ping-after=1h",
						"spring.datasource.hikari.maximum-pool-size=2", "spring.datasource.hikari.keepalive-time=0"));
		this.application.witness().forget();
	}

	private ArmedFault arm(Fault fault) {
		return this.application.proxy().arm(fault);
	}

	private String write(Manager manager, Kind kind) {
		return write(manager, kind, () -> {
		});
	}

	private String write(Manager manager, Kind kind, Runnable andThen) {
		return this.application.run(manager, kind, () -> {
			this.attempts.incrementAndGet();
			this.application.witness().watch();
			if (manager != Manager.JPA) {
				this.backend.compareAndSet(null,
						this.application.bean(JdbcClient.class)
							.sql("select pg_backend_pid()::text")
							.query(String.class)
							.single());
			}
			this.application.notes().write(manager, this.text);
			andThen.run();
			return "value of " + this.text;
		});
	}

	private void goOn(Manager manager, Kind kind) {
		String before = this.application.notes().read(manager);
		assertThat(before).isNotNull();
		this.application.run(manager, kind, () -> {
			this.application.notes().write(manager, this.text + " later");
			return true;
		});
		assertThat(this.application.count(this.text + " later")).isOne();
	}

	/**
	 * The server processes behind the connections that the pool lends now.
	 */
	private Set<String> lent() {
		List<Connection> connections = new ArrayList<>();
		Set<String> backends = new HashSet<>();
		try {
			for (int i = 0; i < 2; i++) {
				Connection connection = this.application.pool().getConnection();
				connections.add(connection);
				try (var statement = connection.createStatement();
						var rows = statement.executeQuery("select pg_backend_pid()")) {
					rows.next();
					backends.add(rows.getString(1));
				}
			}
			for (Connection connection : connections) {
				connection.close();
			}
			return backends;
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void lostReplyIsCommitted(String verification, Manager manager, Kind kind) {
		use(verification, kind);
		committed(manager, kind, Fault.DROP_RESPONSE);
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void resetAfterCommitIsCommitted(String verification, Manager manager, Kind kind) {
		use(verification, kind);
		committed(manager, kind, Fault.RESET_AFTER);
	}

	private void committed(Manager manager, Kind kind, Fault lost) {
		ArmedFault fault = arm(lost);
		assertThat(write(manager, kind)).isEqualTo("value of " + this.text);
		fault.await(PATIENCE);
		assertThat(this.attempts).hasValue(1);
		assertThat(this.application.count(this.text)).isOne();
		assertThat(this.application.witness().seen()).containsExactlyInAnyOrder("after commit", "event after commit",
				"committed");
		assertThat(this.application.witness().verified()).containsExactly("committed");
		assertThat(lent()).doesNotContain(String.valueOf(this.backend.get()));
		goOn(manager, kind);
	}

	@ParameterizedTest
	@MethodSource("managers")
	void lostRequestIsRerun(String verification, Manager manager) {
		use(verification, Kind.RETRYABLE);
		rerun(manager, Fault.DROP_REQUEST);
	}

	@ParameterizedTest
	@MethodSource("managers")
	void halfOpenServerIsFencedAndTheRerunDoesNotWaitForItsLocks(String verification, Manager manager) {
		use(verification, Kind.RETRYABLE);
		String first = UUID.randomUUID().toString();
		this.application.execute("insert into committed_note values (-nextval('committed_note_seq'), '" + first + "')");
		ArmedFault fault = arm(Fault.DROP_REQUEST_SERVER_OPEN);
		long start = System.nanoTime();
		this.application.run(manager, Kind.RETRYABLE, () -> {
			this.attempts.incrementAndGet();
			this.application.notes().lock(manager, first);
			this.application.notes().write(manager, this.text);
			return true;
		});
		fault.await(PATIENCE);
		// it would wait until its deadline
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		assertThat(this.attempts).hasValue(2);
		assertThat(this.application.count(this.text)).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void lateCommitDoesNotCountAndTheRerunDoes(String verification) {
		use(verification, Kind.RETRYABLE);
		ArmedFault fault = arm(Fault.lateRequest(Duration.ofMillis(1500)));
		write(Manager.JPA, Kind.RETRYABLE);
		fault.await(PATIENCE);
		assertThat(this.attempts).hasValue(2);
		Awaitility.await()
			.during(Duration.ofSeconds(2))
			.atMost(PATIENCE)
			.until(() -> this.application.count(this.text) == 1);
	}

	private void rerun(Manager manager, Fault lost) {
		ArmedFault fault = arm(lost);
		assertThat(write(manager, Kind.RETRYABLE)).isEqualTo("value of " + this.text);
		fault.await(PATIENCE);
		assertThat(this.attempts).hasValue(2);
		assertThat(this.application.count(this.text)).isOne();
		assertThat(this.application.witness().seen()).containsOnlyOnce("after commit", "event after commit",
				"committed");
		assertThat(this.application.witness().verified()).containsExactly("not_committed");
		assertThat(lent()).doesNotContain(String.valueOf(this.backend.get()));
		goOn(manager, Kind.RETRYABLE);
	}

	@ParameterizedTest
	@MethodSource("managers")
	void transactionThatIsNotRetryableIsSaidNotToBeCommitted(String verification, Manager manager) {
		use(verification, "all");
		ArmedFault fault = arm(Fault.DROP_REQUEST);
		Throwable thrown = Assertions.catchThrowable(() -> write(manager, Kind.PLAIN));
		fault.await(PATIENCE);
		assertThat(thrown).isInstanceOf(RuntimeException.class);
		List<Throwable> causes = causes(thrown);
		assertThat(causes).anySatisfy((cause) -> assertThat(cause).hasMessageContaining("was not committed"));
		assertThat(causes).anyMatch((cause) -> cause instanceof IOException);
		assertThat(causes).noneMatch(LostCommitIntegrationTests::isMute);
		assertThat(this.attempts).hasValue(1);
		assertThat(this.application.count(this.text)).isZero();
		assertThat(this.application.witness().seen()).doesNotContain("after commit", "event after commit", "committed");
		goOn(manager, Kind.PLAIN);
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void unreachableServerMakesTheOutcomeUnknown(String verification, Manager manager, Kind kind) {
		useHurried(verification, kind);
		unknown(manager, kind, Fault.DROP_RESPONSE, true);
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void operatorLearnsThatAnUnknownTransactionWasNotCommitted(String verification) {
		useHurried(verification, Kind.RETRYABLE);
		unknown(Manager.JPA, Kind.RETRYABLE, Fault.DROP_REQUEST, false);
	}

	private void unknown(Manager manager, Kind kind, Fault lost, boolean committed) {
		ArmedFault fault = arm(lost);
		long start = System.nanoTime();
		Throwable thrown = Assertions
			.catchThrowable(() -> write(manager, kind, () -> this.application.proxy().refuse()));
		Duration took = Duration.ofNanos(System.nanoTime() - start);
		fault.await(PATIENCE);
		this.application.proxy().accept();
		assertThat(thrown).isInstanceOf(TransactionException.class);
		if (kind == Kind.RETRYABLE) {
			assertThat(thrown).isInstanceOf(TransactionOutcomeUnknownException.class);
		}
		TransactionOutcomeUnknownException unknown = causes(thrown).stream()
			.filter(TransactionOutcomeUnknownException.class::isInstance)
			.map(TransactionOutcomeUnknownException.class::cast)
			.findFirst()
			.orElseThrow();
		assertThat(unknown.getReason()).isEqualTo("unreachable");
		assertThat(unknown.getTransaction()).matches("(xid \\d+ of server run .+)|(marker [0-9a-f-]{36})");
		assertThat(unknown.getMessage()).contains(unknown.getReason(), unknown.getTransaction(),
				unknown.getStatement());
		assertThat(causes(thrown)).anyMatch((cause) -> cause instanceof IOException)
			.noneMatch(LostCommitIntegrationTests::isMute);
		// the default is 10 s, as is that of the deadline
		assertThat(took).isBetween(Duration.ofMillis(950), Duration.ofSeconds(8));
		assertThat(this.attempts).hasValue(1);
		assertThat(this.application.witness().seen()).containsExactly("unknown");
		assertThat(this.application.witness().verified()).containsExactly("unknown");
		assertThat(this.application.count(this.text)).isEqualTo(committed ? 1 : 0);
		// a session that was cut off ends when the server sees it
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.application.query(String.valueOf(unknown.getStatement()))).isIn(
					committed ? List.of("committed") : List.of("aborted", "not committed, unless still in progress")));
		goOn(manager, kind);
	}

	@ParameterizedTest
	@MethodSource("managers")
	void unknownIsRerunWhereThatWasAskedFor(String verification, Manager manager) {
		useHurried(verification, Kind.RETRYABLE);
		ArmedFault fault = arm(Fault.DROP_RESPONSE);
		write(manager, Kind.RERUN_IF_UNKNOWN, () -> {
			if (this.attempts.get() == 1) {
				this.application.proxy().refuse();
				Thread accept = new Thread(() -> {
					fault.await(PATIENCE);
					Awaitility.await().atMost(PATIENCE).until(() -> !this.application.witness().verified().isEmpty());
					this.application.proxy().accept();
				});
				accept.start();
			}
		});
		assertThat(this.attempts).hasValue(2);
		assertThat(this.application.count(this.text)).isEqualTo(2);
		assertThat(this.application.witness().verified()).containsExactly("unknown");
	}

	@ParameterizedTest
	@MethodSource("managers")
	void otherTransactionsAreNotLookedIntoByDefault(String verification, Manager manager) {
		use(verification, "retryable");
		for (Fault lost : List.of(Fault.DROP_RESPONSE, Fault.DROP_REQUEST, Fault.RESET_AFTER)) {
			this.application.witness().forget();
			ArmedFault fault = arm(lost);
			assertThatExceptionOfType(TransactionException.class).isThrownBy(() -> write(manager, Kind.PLAIN))
				.satisfies((ex) -> {
					assertThat(ex).isInstanceOf(TransactionSystemException.class);
					assertThat(causes(ex)).anyMatch((cause) -> cause instanceof IOException)
						.anyMatch((cause) -> cause instanceof SQLException)
						.noneMatch(LostCommitIntegrationTests::isMute);
				});
			fault.await(PATIENCE);
			assertThat(this.application.witness().seen()).containsExactly("unknown");
			assertThat(this.application.witness().verified()).isEmpty();
			goOn(manager, Kind.PLAIN);
			this.application.execute("delete from committed_note where text like '" + this.text + "%'");
		}
	}

	@ParameterizedTest
	@MethodSource("managers")
	void whatIsNotVerifiedOrReadOnlyCostsNoMessage(String verification, Manager manager) {
		use("none", "all");
		Traffic plain = trafficOf(manager, Kind.PLAIN, true);
		Traffic readOnly = trafficOf(manager, Kind.READ_ONLY, false);
		use(verification, "retryable");
		assertSameMessages(trafficOf(manager, Kind.PLAIN, true), plain);
		assertSameMessages(trafficOf(manager, Kind.READ_ONLY, false), readOnly);
		// the count sees what there is
		assertThat(trafficOf(manager, Kind.RETRYABLE, true).messagesFromClient())
			.isGreaterThan(plain.messagesFromClient());
	}

	// not the round trips: BEGIN and the statement may or may not arrive together
	private static void assertSameMessages(Traffic traffic, Traffic expected) {
		assertThat(traffic.fromClient()).isEqualTo(expected.fromClient());
		assertThat(traffic.fromServer()).isEqualTo(expected.fromServer());
	}

	private Traffic trafficOf(Manager manager, Kind kind, boolean write) {
		// no other connection is opened meanwhile
		Awaitility.await()
			.atMost(PATIENCE)
			.until(() -> this.application.pool().getHikariPoolMXBean().getIdleConnections() == 2);
		for (int i = 0; i < 60; i++) {
			transact(manager, kind, write); // until statements are prepared, ids at hand
		}
		Traffic before = this.application.proxy().traffic();
		for (int i = 0; i < 20; i++) {
			transact(manager, kind, write);
		}
		return this.application.proxy().traffic().since(before);
	}

	private void transact(Manager manager, Kind kind, boolean write) {
		this.application.run(manager, kind, () -> {
			if (write) {
				// no sequence: it is asked now and then
				this.application.notes().touch(manager);
			}
			else {
				this.application.notes().read(manager);
			}
			return true;
		});
	}

	@ParameterizedTest
	@MethodSource("managers")
	void lossOfAReadOnlyCommitIsRerun(String verification, Manager manager) {
		use(verification, "retryable");
		ArmedFault fault = arm(Fault.DROP_RESPONSE);
		this.application.run(manager, Kind.READ_ONLY, () -> {
			this.attempts.incrementAndGet();
			return this.application.notes().read(manager);
		});
		fault.await(PATIENCE);
		assertThat(this.attempts).hasValue(2);
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void failedTransactionThatIsCommittedAnywayIsAnError(String verification, Manager manager, Kind kind) {
		use(verification, kind);
		ThrowingCallable commit = () -> write(manager, kind, () -> {
			try (var statement = this.application.notes().connection().createStatement()) {
				statement.execute("select 1 / 0");
			}
			catch (SQLException ex) {
				assertThat(ex.getSQLState()).isEqualTo("22012");
			}
		});
		// JPA writes in the commit, and so meets the failure itself
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(commit)
			.satisfies((ex) -> assertThat(causes(ex))
				.anySatisfy((cause) -> assertThat(cause).isInstanceOfSatisfying(SQLException.class,
						(sql) -> assertThat(sql.getSQLState()).isEqualTo("25P02"))));
		assertThat(this.application.count(this.text)).isZero();
		assertThat(this.application.witness().seen()).doesNotContain("after commit", "event after commit", "committed");
		goOn(manager, kind);
	}

	@ParameterizedTest
	@EnumSource(Manager.class)
	void failedTransactionThatIsCommittedAnywayIsAnErrorWithoutVerification(Manager manager) {
		use("xid", "retryable");
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> this.application.run(manager, Kind.PLAIN, () -> {
				this.application.witness().watch();
				this.application.notes().touch(manager);
				try (var statement = this.application.notes().connection().createStatement()) {
					statement.execute("select 1 / 0");
				}
				catch (SQLException ex) {
					return ex.getSQLState();
				}
				return true;
			}))
			.satisfies((ex) -> assertThat(causes(ex)).anySatisfy(
					(cause) -> assertThat(cause).hasMessageContaining("was rolled back instead of being committed")));
		assertThat(this.application.witness().seen()).doesNotContain("after commit", "event after commit", "committed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void commitOutsideOfSpringsTransactionsThrowsSqlException(String verification) throws SQLException {
		use(verification, "all");
		try (Connection connection = this.application.pool().getConnection();
				var statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("insert into committed_note values (nextval('committed_note_seq'), '" + this.text + "')");
			ArmedFault fault = arm(Fault.DROP_RESPONSE);
			connection.commit();
			fault.await(PATIENCE);
		}
		assertThat(this.application.count(this.text)).isOne();
		assertThat(this.application.witness().verified()).containsExactly("committed");
		useHurried(verification, Kind.PLAIN);
		try (Connection connection = this.application.pool().getConnection();
				var statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement
				.execute("insert into committed_note values (nextval('committed_note_seq'), '" + this.text + " 2')");
			ArmedFault fault = arm(Fault.DROP_RESPONSE);
			this.application.proxy().refuse();
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit).satisfies((ex) -> {
				assertThat(ex.getSQLState()).isEqualTo("08007");
				assertThat(ex.getCause()).isInstanceOf(TransactionOutcomeUnknownException.class);
				assertThat(causes(ex)).anyMatch((cause) -> cause instanceof IOException);
			});
			fault.await(PATIENCE);
			connection.rollback();
			connection.setAutoCommit(true);
		}
		this.application.proxy().accept();
		goOn(Manager.JDBC, Kind.PLAIN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void commitOutsideOfSpringsTransactionsIsUnknownByDefault(String verification) throws SQLException {
		use(verification, "retryable");
		try (Connection connection = this.application.pool().getConnection();
				var statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("insert into committed_note values (nextval('committed_note_seq'), '" + this.text + "')");
			ArmedFault fault = arm(Fault.DROP_RESPONSE);
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit)
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08007"));
			fault.await(PATIENCE);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "xid", "marker" })
	void templatesLearnTheSame(String verification) {
		use(verification, "all");
		TransactionOperations plain = new TransactionTemplate(this.application.bean(JpaTransactionManager.class));
		TransactionOperations retryable = this.application.bean(RetryableTransactionTemplate.class);
		for (TransactionOperations template : List.of(plain, retryable)) {
			ArmedFault fault = arm(Fault.DROP_RESPONSE);
			assertThat(template.<Boolean>execute((status) -> {
				this.attempts.incrementAndGet();
				this.application.notes().write(Manager.JPA, this.text);
				return true;
			})).isTrue();
			fault.await(PATIENCE);
		}
		assertThat(this.attempts).hasValue(2);
		assertThat(this.application.count(this.text)).isEqualTo(2);
		assertThat(this.application.witness().verified()).containsExactly("committed", "committed");
	}

	static Stream<Arguments> interrupts() {
		return managers().flatMap((arguments) -> Stream.of(false, true)
			.filter((virtual) -> !virtual || Runtime.version().feature() >= 21)
			.map((virtual) -> Arguments.of(arguments.get()[0], arguments.get()[1], virtual)));
	}

	@ParameterizedTest
	@MethodSource("interrupts")
	void interruptDuringCommitGivesTheVerifiedResult(String verification, Manager manager, boolean virtual)
			throws Exception {
		use(verification, Kind.RETRYABLE);
		ArmedFault fault = arm(Fault.HOLD);
		AtomicReference<Object> result = new AtomicReference<>();
		AtomicReference<Boolean> flag = new AtomicReference<>();
		Thread thread = thread(virtual, () -> {
			try {
				result.set(write(manager, Kind.RETRYABLE));
			}
			catch (Throwable ex) {
				result.set(ex);
			}
			flag.set(Thread.currentThread().isInterrupted());
		});
		fault.await(PATIENCE);
		fault.awaitAnswered(PATIENCE);
		thread.interrupt();
		this.application.proxy().reset();
		thread.join(PATIENCE.toMillis());
		assertThat(result).hasValue("value of " + this.text);
		assertThat(flag).hasValue(true);
		assertThat(this.attempts).hasValue(1);
		assertThat(this.application.count(this.text)).isOne();
		assertThat(this.application.witness().seen()).contains("committed");
	}

	private static Thread thread(boolean virtual, Runnable task) throws ReflectiveOperationException {
		if (!virtual) {
			Thread thread = new Thread(task);
			thread.start();
			return thread;
		}
		return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, task);
	}

	private static List<Throwable> causes(Throwable thrown) {
		List<Throwable> causes = new ArrayList<>();
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			causes.add(cause);
		}
		return causes;
	}

	/**
	 * Whether an exception tells nothing of why it happened.
	 */
	private static boolean isMute(Throwable cause) {
		return "Connection is closed".equals(cause.getMessage());
	}

}
