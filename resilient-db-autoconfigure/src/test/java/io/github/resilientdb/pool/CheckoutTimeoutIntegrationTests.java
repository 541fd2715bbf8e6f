package io.github.resilientdb.pool;

import java.net.ConnectException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.PostgresServer.Capability;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.UnresponsivePort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * How long a checkout waits, and what it says then.
 */
class CheckoutTimeoutIntegrationTests {

	private static final Duration SHORT = Duration.ofMillis(700);

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	@Test
	void aRefusedConnectionIsTheReason() {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).timeout(SHORT).build()) {
			proxy.refuse();
			SQLException failure = failure(pool);
			assertThat((Throwable) failure).isInstanceOf(SQLTransientConnectionException.class)
				.hasMessageContaining("none can be opened");
			assertThat(failure.getSQLState()).isEqualTo("08001");
			assertThat((Throwable) failure).hasRootCauseInstanceOf(ConnectException.class);
		}
	}

	@Test
	void theFirstCheckoutWaitsUntilTheDatabaseIsThere() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).build()) {
			proxy.refuse();
			ThreadKind.Running<Integer> checkout = ThreadKind.PLATFORM.start(pool::backend);
			Awaitility.await().until(() -> pool.count("disconnected CONNECT") >= 1);
			proxy.accept();
			assertThat(checkout.result()).isPositive();
		}
	}

	@Test
	void theFirstCheckoutsWaitNoLongerThanTheirCallersCan() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).build()) {
			proxy.refuse();
			ThreadKind.Running<SQLException> patient = ThreadKind.PLATFORM.start(() -> failure(pool));
			Awaitility.await().until(() -> pool.count("disconnected CONNECT") >= 1);
			assertThat(within(Duration.ofMillis(500), pool)).isLessThan(Duration.ofSeconds(8));
			assertThat(patient.future().isDone()).isFalse();
			assertThat(patient.result().getSQLState()).isEqualTo("08001");
		}
	}

	@Test
	void theDeadlineOfTheCallEndsTheWait() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).build();
				Connection taken = pool.borrow()) {
			assertThat(taken.isClosed()).isFalse();
			assertThat(within(SHORT, pool)).isBetween(SHORT.minusMillis(50), SHORT.plusSeconds(8));
		}
	}

	private static Duration within(Duration time, TestPool pool) {
		long start = System.nanoTime();
		try (AttemptLedger ledger = AttemptLedger.open(start + time.toNanos())) {
			assertThat(ledger).isNotNull();
			failure(pool);
			return Duration.ofNanos(System.nanoTime() - start);
		}
	}

	@Test
	void tooManyClientsAreTheReason() {
		server.assumeSupports(Capability.SUPERUSER);
		server.execute("create role limited login password 'limited' connection limit 1");
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.hikari((config) -> config.setUsername("limited"))
			.hikari((config) -> config.setPassword("limited"))
			.size(2)
			.build(); Connection first = pool.borrow()) {
			assertThat(first.isClosed()).isFalse();
			pool.patience(SHORT);
			// on a busy machine the answer may come later than that
			Awaitility.await().untilAsserted(() -> assertThat(failure(pool).getSQLState()).isEqualTo("53300"));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void aServerThatIsStartingUpIsTheReason() throws Exception {
		// a standby that nobody may read from goes on starting up for ever
		try (EmbeddedPostgresServer primary = PostgresServer.embedded().setting("hot_standby", "off").start();
				EmbeddedPostgresServer standby = PostgresServer.standbyOf(primary)) {
			standby.launch();
			try (TestPool pool = TestPool.to(standby, standby.jdbcUrl()).timeout(SHORT).build()) {
				Awaitility.await()
					.atMost(Duration.ofSeconds(30))
					.until(() -> "57P03".equals(failure(pool).getSQLState()));
				Awaitility.await()
					.untilAsserted(
							() -> assertThat((Throwable) failure(pool)).hasMessageContaining("the database system is"));
			}
		}
	}

	@Test
	void aFailureLongPastIsNotTheCauseOfAnExhaustedPool() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).size(1).build()) {
			pool.fill(1);
			pool.patience(SHORT);
			proxy.refuse();
			proxy.cut();
			assertThat(failure(pool).getCause()).isNotNull();
			proxy.accept();
			Awaitility.await().ignoreExceptions().until(() -> pool.backend() > 0);
			try (Connection taken = pool.borrow()) {
				assertThat(taken.isClosed()).isFalse();
				SQLException failure = failure(pool);
				assertThat((Throwable) failure).hasNoCause().hasMessageContaining("1 of 1 are in use");
				assertThat(failure.getSQLState()).isNull();
			}
		}
	}

	@Test
	void initialSqlThatFailsIsTheReason() {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database))
			.hikari((config) -> config.setConnectionInitSql("select no_such_column"))
			.timeout(SHORT)
			.build()) {
			// on a busy machine the answer may come later than that
			Awaitility.await().untilAsserted(() -> assertThat(failure(pool).getSQLState()).isEqualTo("42703"));
			Awaitility.await().until(() -> pool.connections().size() == 0);
		}
	}

	@Test
	void aServerThatNeverAnswersAConnectIsTheReason() throws Exception {
		try (UnresponsivePort port = new UnresponsivePort();
				TestPool pool = TestPool
					.to(server, "jdbc:postgresql://127.0.0.1:%d/x".formatted(port.address().getPort()))
					.timeout(SHORT)
					.build()) {
			long start = System.nanoTime();
			SQLException failure = failure(pool);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
			assertThat(failure.getSQLState()).isEqualTo("08001");
		}
	}

	@Test
	void everyoneFailsInTimeWhileNothingAnswersAndAllHealsAfter() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database))
					.size(4)
					.pingAfter(Duration.ZERO)
					.pingTimeout(Duration.ofMillis(200))
					.build()) {
			pool.fill(4);
			pool.patience(Duration.ofSeconds(1));
			proxy.blackHoleEverything();
			for (int i = 0; i < 3; i++) {
				long start = System.nanoTime();
				SQLException failure = failure(pool);
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(900),
						Duration.ofSeconds(8));
				assertThat(failure.getSQLState()).isEqualTo("08001");
				assertThat(failure.getCause()).isNotNull();
			}
			proxy.heal();
			TimeUnit.MILLISECONDS.sleep(1); // not the same instant
			Awaitility.await().ignoreExceptions().until(() -> pool.backend() > 0);
			pool.patience(Duration.ofSeconds(10));
			pool.fill(4);
		}
	}

	private static SQLException failure(TestPool pool) {
		return catchThrowableOfType(SQLException.class, pool::borrow);
	}

}
