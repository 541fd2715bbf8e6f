package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PostgresServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What a connection says once it is dead, and which failures are no death.
 */
class DeadConnectionIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	private static PostgresServer encrypted;

	@AfterAll
	static void stopEncrypted() {
		if (encrypted != null) {
			encrypted.close();
		}
	}

	@Test
	void aSessionThatTheServerEndedForTakingTooLongIsNotLentAgain() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).prePing(PrePing.OFF).build()) {
			try (Connection connection = pool.borrow(); Statement statement = connection.createStatement()) {
				statement.execute("set transaction_timeout = '50ms'");
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.execute("select pg_catalog.pg_sleep(60)"))
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("25P04"));
			}
			try (Connection connection = pool.borrow(); Statement statement = connection.createStatement()) {
				assertThat(statement.execute("select 1")).isTrue();
			}
		}
	}

	@Test
	void whatTidiesUpIsSilentOnADeadConnection() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl(database))) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "select 1");
			Savepoint savepoint = connection.setSavepoint();
			server.terminateBackend(TestPool.backend(connection));
			assertThatNoException().isThrownBy(() -> connection.rollback(savepoint));
			assertThatNoException().isThrownBy(() -> connection.releaseSavepoint(savepoint));
			assertThatNoException().isThrownBy(connection::rollback);
			assertThatNoException().isThrownBy(() -> connection.setTransactionIsolation(8));
			assertThatNoException().isThrownBy(() -> connection.setReadOnly(true));
			assertThatNoException().isThrownBy(() -> connection.setAutoCommit(true));
			assertThatNoException().isThrownBy(connection::close);
			assertThatNoException().isThrownBy(connection::close);
			assertThat(pool.count("disconnected TRANSACTION admin-shutdown 57P01")).isOne();
			assertThat(pool.backend()).isPositive();
		}
	}

	@Test
	void closingADeadConnectionWithAnOpenTransactionIsSilent() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl(database))) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			server.terminateBackend(TestPool.backend(connection));
			assertThatNoException().isThrownBy(connection::close);
			assertThat(pool.backend()).isPositive();
		}
	}

	@Test
	void closingStatementsAndResultsOfADeadConnectionIsSilent() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl(database))) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			PreparedStatement statement = connection.prepareStatement("select generate_series(1, 100000)");
			statement.setFetchSize(10);
			ResultSet rows = statement.executeQuery();
			server.terminateBackend(TestPool.backend(connection));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> {
				while (rows.next()) {
					assertThat(rows.getInt(1)).isPositive();
				}
			}).satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
			assertThatNoException().isThrownBy(rows::close);
			assertThatNoException().isThrownBy(statement::close);
			assertThatNoException().isThrownBy(connection::close);
			assertThat(pool.count("disconnected TRANSACTION admin-shutdown")).isOne();
		}
	}

	@Test
	void aCommitBehindTheGuardIsSeenAtTheNextStatement() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl(database));
				AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE);
				Connection connection = pool.borrow()) {
			connection.setAutoCommit(false);
			TestPool.execute(connection, "select 1");
			connection.unwrap(PGConnection.class).getBackendPID();
			TestPool.execute(connection, "select 2");
			assertThat(ledger.own().outcome()).isEqualTo(TransactionOutcome.ACTIVE);
			connection.unwrap(BaseConnection.class).commit();
			TestPool.execute(connection, "select 3");
			assertThat(ledger.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void commitIsNeverSilent(boolean noticedBefore) throws Exception {
		try (TestPool pool = pool(server.jdbcUrl(database))) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "create temporary table t (i int)");
			Savepoint savepoint = connection.setSavepoint();
			server.terminateBackend(TestPool.backend(connection));
			if (noticedBefore) {
				connection.rollback(savepoint); // silent
			}
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
			connection.close();
		}
	}

	@Test
	void switchingAutoCommitOnCommitsAndIsNotSilentThen() throws Exception {
		server.execute("create table if not exists autocommit (i int)");
		try (TestPool pool = pool(server.jdbcUrl())) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "insert into autocommit values (1)");
			connection.setAutoCommit(true);
			assertThat(server.queryForInt("select count(*) from autocommit")).isOne();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "insert into autocommit values (2)");
			server.terminateBackend(TestPool.backend(connection));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.setAutoCommit(true));
			assertThatNoException().isThrownBy(connection::close);
		}
		assertThat(server.queryForInt("select count(*) from autocommit")).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "select no_such_column", "select 1 / 0", "select * from no_such_table" })
	void failuresOfStatementsAreNoDisconnects(String sql) throws Exception {
		try (TestPool pool = pool(server.jdbcUrl(database))) {
			int backend = pool.backend();
			try (Connection connection = pool.borrow()) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, sql));
			}
			assertThat(pool.backend()).isEqualTo(backend);
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void aCancelledStatementIsNoDisconnect() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl(database))) {
			int backend = pool.backend();
			try (Connection connection = pool.borrow(); Statement statement = connection.createStatement()) {
				statement.setQueryTimeout(1);
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("select pg_sleep(20)"))
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57014"));
			}
			assertThat(pool.backend()).isEqualTo(backend);
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void aCommitThatAConstraintRefusesIsNoDisconnect() throws Exception {
		server.execute("create table deferred (i int unique deferrable initially deferred)");
		try (TestPool pool = pool(server.jdbcUrl())) {
			int backend = pool.backend();
			try (Connection connection = pool.borrow()) {
				connection.setAutoCommit(false);
				TestPool.execute(connection, "insert into deferred values (1), (1)");
				assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit)
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("23505"));
				connection.rollback();
				connection.setAutoCommit(true);
			}
			assertThat(pool.backend()).isEqualTo(backend);
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void aSessionThatWasEndedForIdlingConcernsNoOther() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(2).build()) {
			pool.fill(2);
			Connection connection = pool.borrow();
			TestPool.execute(connection, "set idle_in_transaction_session_timeout = 50");
			connection.setAutoCommit(false);
			int backend = TestPool.backend(connection);
			Awaitility.await()
				.until(() -> server.queryForInt("select count(*) from pg_stat_activity where pid = " + backend) == 0);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("25P03"));
			connection.close();
			pool.fill(2);
			assertThat(pool.count("invalidated")).isZero();
			Awaitility.await().until(() -> pool.count("discarded") == 1);
		}
	}

	// the end of a connection arrives through the proxy in its own time
	private static void awaitDiscarded(TestPool pool, int count) {
		Awaitility.await().until(() -> {
			pool.fill(2);
			return pool.count("discarded") == count;
		});
	}

	@Test
	void anEncryptedConnectionThatBreaksSaysSoAndIsNotLentAgain() throws Exception {
		encrypted = PostgresServer.embedded().installedIn("/usr/lib/postgresql/15").tls().start();
		try (FaultProxy proxy = FaultProxy.inFrontOf(encrypted);
				TestPool pool = TestPool.to(encrypted, proxy.jdbcUrl() + "?sslmode=require").size(2).build()) {
			pool.fill(2);
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "select 1");
			proxy.reset();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08006"));
			connection.rollback();
			connection.close();
			awaitDiscarded(pool, 2);
			encrypted.terminateBackends();
			awaitDiscarded(pool, 4);
		}
	}

	@Test
	void aConnectionWithAnUnreadAnswerIsNotLentAgain() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl(database))) {
			Connection connection = pool.borrow();
			int backend = TestPool.backend(connection);
			CopyOut copy = connection.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyOut("copy (select generate_series(1, 10000000)) to stdout");
			assertThat(copy.readFromCopy()).isNotEmpty();
			// as much waits at the socket as it holds
			Awaitility.await()
				.until(() -> server.queryForInt("select count(*) from pg_stat_activity where wait_event = 'ClientWrite'"
						+ " and pid = " + backend) == 1);
			connection.clearWarnings();
			assertThat(copy.readFromCopy()).isNotEmpty();
			assertThatNoException().isThrownBy(connection::close);
			assertThat(pool.backend()).isNotEqualTo(backend);
			assertThat(pool.count("disconnected CHECKOUT unread-input")).isOne();
			assertThat(pool.count("invalidated")).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aCopyThatWasLeftOpenDoesNotBlockTheNextBorrower(boolean in) throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).build()) {
			Connection connection = pool.borrow();
			int backend = TestPool.backend(connection);
			TestPool.execute(connection, "create table if not exists left_open (i int)");
			CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
			if (in) {
				copies.copyIn("copy left_open from stdin");
			}
			else {
				copies.copyOut("copy left_open to stdout");
			}
			connection.close();
			assertThat(pool.backend()).isNotEqualTo(backend);
		}
	}

	@Test
	void aNotificationThatIsPendingIsNoReasonToGiveUp() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).build();
				Connection connection = pool.borrow()) {
			TestPool.execute(connection, "listen news");
			try (Connection other = DriverManager.getConnection(server.jdbcUrl(database), server.username(),
					server.password())) {
				TestPool.execute(other, "notify news");
			}
			connection.clearWarnings();
			Awaitility.await()
				.until(() -> connection.unwrap(PGConnection.class).getNotifications(),
						(news) -> news != null && news.length == 1);
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void theBorrowersOwnCheckWaitsForARunningStatement() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).build();
				Connection connection = pool.borrow()) {
			CompletableFuture<Void> running = CompletableFuture.runAsync(() -> {
				try {
					TestPool.execute(connection, "select pg_sleep(4)");
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			});
			Awaitility.await()
				.until(() -> server
					.queryForInt("select count(*) from pg_stat_activity where wait_event = 'PgSleep'") == 1);
			assertThat(connection.isValid(2)).isTrue();
			running.get(30, TimeUnit.SECONDS);
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void anErrorInsideTheDriverGivesTheConnectionUp() throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(2).build()) {
			pool.fill(2);
			Connection connection = pool.borrow();
			int backend = TestPool.backend(connection);
			connection.setAutoCommit(false);
			TestPool.execute(connection, "select 1");
			// a savepoint of another driver makes this one throw ClassCastException
			assertThatExceptionOfType(RuntimeException.class)
				.isThrownBy(() -> connection.rollback(Mockito.mock(Savepoint.class)));
			connection.close();
			pool.fill(2);
			Awaitility.await().until(() -> pool.count("discarded driver-error") == 1);
			assertThat(pool.count("invalidated")).isZero();
			Awaitility.await()
				.until(() -> server.queryForInt("select count(*) from pg_stat_activity where pid = " + backend) == 0);
		}
	}

	@ParameterizedTest
	@EnumSource(ResetOnReturn.class)
	void theResetOfADeadConnectionIsSkippedAndSilent(ResetOnReturn reset) throws Exception {
		try (TestPool pool = TestPool.to(server, server.jdbcUrl(database)).size(1).resetOnReturn(reset).build()) {
			Connection connection = pool.borrow();
			int backend = TestPool.backend(connection);
			server.terminateBackend(backend);
			assertThatNoException().isThrownBy(connection::close);
			assertThat(pool.backend()).isNotEqualTo(backend);
		}
	}

	@Test
	void aResetThatFailsGivesTheConnectionUpSilently() throws Exception {
		server.execute("create sequence twice maxvalue 2");
		try (TestPool pool = TestPool.to(server, server.jdbcUrl())
			.size(1)
			.resetOnReturn(ResetOnReturn.DISCARD_ALL)
			.hikari((config) -> config.setConnectionInitSql("select nextval('twice')"))
			.build()) {
			int backend = pool.backend();
			Connection connection = pool.borrow();
			assertThat(TestPool.backend(connection)).isEqualTo(backend);
			server.execute("alter sequence twice maxvalue 3");
			assertThatNoException().isThrownBy(connection::close);
			assertThatNoException().isThrownBy(() -> pool.borrow().close());
			assertThat(pool.count("disconnected TRANSACTION reset-failed")).isOne();
			assertThat(pool.count("invalidated")).isZero();
		}
	}

	@Test
	void whatWasLeftOpenIsRolledBack() throws Exception {
		server.execute("create table if not exists left_open (i int)");
		for (ResetOnReturn reset : ResetOnReturn.values()) {
			try (TestPool pool = TestPool.to(server, server.jdbcUrl()).size(1).resetOnReturn(reset).build()) {
				Connection connection = pool.borrow();
				connection.setAutoCommit(false);
				TestPool.execute(connection, "insert into left_open values (1)");
				connection.close();
				assertThat(pool.backend()).isPositive();
			}
		}
		assertThat(server.queryForInt("select count(*) from left_open")).isZero();
	}

	@Test
	void theLocksOfALostTransactionDontBlockWhoDoesItAgain() throws Exception {
		server.execute("create table locked (i int)", "insert into locked values (1)");
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl())
					.size(2)
					.verification(io.github.resilientdb.commit.VerificationMode.XID)
					.build()) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			TestPool.execute(connection, "update locked set i = 2");
			proxy.halfOpen();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"));
			connection.rollback();
			connection.close();
			long start = System.nanoTime();
			try (Connection again = pool.borrow()) {
				again.setAutoCommit(false);
				TestPool.execute(again, "set local lock_timeout = '20s'");
				TestPool.execute(again, "update locked set i = 3");
				again.commit();
				again.setAutoCommit(true);
			}
			System.out.printf("rerun waited %d ms for the lost session%n",
					TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
		}
		assertThat(server.queryForInt("select i from locked")).isEqualTo(3);
	}

	@Test
	void aLostAnswerIsNotReadByTheNextBorrower() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).size(1).build()) {
			Connection connection = pool.borrow();
			ArmedFault fault = proxy.arm(Fault.HOLD, (sql) -> sql.contains("42"));
			connection.setNetworkTimeout(Runnable::run, 300);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 42"));
			fault.release();
			connection.close();
			assertThat(pool.count("discarded") + pool.count("disconnected")).isPositive();
			try (Connection next = pool.borrow()) {
				assertThat(TestPool.queryForInt(next, "select 7")).isEqualTo(7);
			}
		}
	}

	private static TestPool pool(String url) {
		return TestPool.to(server, url).size(1).build();
	}

}
