package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.commit.VerificationMode;
import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PgBouncer;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Connections that are opened for each checkout.
 */
class UnpooledIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private static final String database = server.createDatabase();

	@Test
	void theSizeLimitsHowManyThereAreAtOnce() throws Exception {
		try (TestPool pool = pool().size(2).build()) {
			Connection first = pool.borrow();
			Connection second = pool.borrow();
			pool.patience(Duration.ofMillis(400));
			assertThatExceptionOfType(SQLException.class).isThrownBy(pool::borrow)
				.withMessageContaining("all 2 are in use")
				.withNoCause();
			first.close();
			first.close();
			pool.patience(Duration.ofSeconds(10));
			Connection third = pool.borrow();
			pool.patience(Duration.ofMillis(400));
			assertThatExceptionOfType(SQLException.class).isThrownBy(pool::borrow);
			second.close();
			third.close();
			assertThat(pool.connections().size()).isZero();
		}
	}

	@Test
	void aConnectionIsOpenedOnTheCallersThread() throws Exception {
		try (TestPool pool = pool().build()) {
			pool.backend();
			assertThat(Thread.getAllStackTraces().keySet())
				.noneMatch((thread) -> thread.getName().startsWith(pool.operations().getName()));
			assertThat(pool.dataSource().isRunning()).isFalse();
		}
	}

	@Test
	void aConnectionIsSetUpAsHikariWould() throws Exception {
		server.execute("create schema if not exists other");
		try (TestPool pool = TestPool.to(server, server.jdbcUrl())
			.mode(PoolMode.NONE)
			.hikari((config) -> config.setAutoCommit(false))
			.hikari((config) -> config.setReadOnly(true))
			.hikari((config) -> config.setSchema("other"))
			.hikari((config) -> config.setTransactionIsolation("TRANSACTION_SERIALIZABLE"))
			.hikari((config) -> config.setConnectionInitSql("set application_name = 'initialised'"))
			.build(); Connection connection = pool.borrow()) {
			assertThat(connection.getAutoCommit()).isFalse();
			assertThat(connection.isReadOnly()).isTrue();
			assertThat(connection.getSchema()).isEqualTo("other");
			assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
			assertThat(TestPool.queryForInt(connection,
					"select count(*) from pg_stat_activity where application_name = 'initialised' "
							+ "and pid = pg_backend_pid()"))
				.isOne();
			connection.rollback();
		}
	}

	@Test
	void aConnectionThatCannotBeSetUpLeavesNothingBehind() {
		try (TestPool pool = pool().size(1)
			.hikari((config) -> config.setConnectionInitSql("select no_such_column"))
			.build()) {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(pool::borrow)
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("42703"));
			}
			assertThat(pool.connections().size()).isZero();
		}
	}

	@Test
	void theFailureThatKilledTheConnectionIsWhatIsSeen() throws Exception {
		try (TestPool pool = pool().build()) {
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			server.terminateBackend(TestPool.backend(connection));
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
			assertThatNoException().isThrownBy(connection::rollback);
			assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit);
			assertThatNoException().isThrownBy(connection::close);
			assertThat(pool.backend()).isPositive();
		}
	}

	@Test
	void aLostCommitIsVerified() throws Exception {
		server.execute("create table unpooled (i int)");
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl())
					.mode(PoolMode.NONE)
					.verification(VerificationMode.XID)
					.build();
				Connection connection = pool.borrow()) {
			connection.setAutoCommit(false);
			TestPool.execute(connection, "insert into unpooled values (1)");
			connection.commit(); // the first one decides how to verify, by a COMMIT too
			TestPool.execute(connection, "insert into unpooled values (2)");
			ArmedFault fault = proxy.arm(Fault.DROP_RESPONSE);
			connection.commit();
			fault.await(Duration.ofSeconds(60));
		}
		assertThat(server.queryForInt("select count(*) from unpooled")).isEqualTo(2);
	}

	@Test
	void aServerThatIsAwayIsTheReason() {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = TestPool.to(server, proxy.jdbcUrl(database)).mode(PoolMode.NONE).build()) {
			proxy.refuse();
			assertThatExceptionOfType(SQLException.class).isThrownBy(pool::borrow)
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"));
			proxy.accept();
			assertThatNoException().isThrownBy(pool::backend);
		}
	}

	@Test
	void closingThePoolLeavesNoConnection() throws Exception {
		TestPool pool = pool().build();
		Connection connection = pool.borrow();
		pool.close();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"));
		assertThatNoException().isThrownBy(connection::close);
		Awaitility.await()
			.until(() -> server
				.queryForInt("select count(*) from pg_stat_activity where datname = '" + database + "'") == 0);
	}

	@Test
	void worksBehindPgBouncerAlsoWhenThatIsRestarted() throws Exception {
		try (PgBouncer pgBouncer = PgBouncer.inFrontOf(server);
				TestPool pool = TestPool.to(server, pgBouncer.jdbcUrl()).mode(PoolMode.NONE).build()) {
			List<Running<Integer>> threads = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				threads.add(ThreadKind.PLATFORM.start(() -> {
					int sum = 0;
					for (int j = 0; j < 25; j++) {
						try (Connection connection = pool.borrow()) {
							connection.setAutoCommit(false);
							sum += TestPool.queryForInt(connection, "select 1");
							connection.commit();
						}
					}
					return sum;
				}));
			}
			for (Running<Integer> thread : threads) {
				assertThat(thread.result()).isEqualTo(25);
			}
			Connection connection = pool.borrow();
			connection.setAutoCommit(false);
			assertThat(TestPool.backend(connection)).isPositive();
			pgBouncer.restart();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> TestPool.execute(connection, "select 1"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08006"));
			connection.close();
			assertThat(pool.backend()).isPositive();
		}
	}

	@Test
	void pooledConnectionsWorkBehindPgBouncerToo() throws Exception {
		try (PgBouncer pgBouncer = PgBouncer.inFrontOf(server);
				TestPool pool = TestPool.to(server, pgBouncer.jdbcUrl()).size(4).build()) {
			pool.fill(4);
			pgBouncer.restart();
			try (Connection one = pool.borrow();
					Connection two = pool.borrow();
					Connection three = pool.borrow();
					Connection four = pool.borrow()) {
				for (Connection connection : List.of(one, two, three, four)) {
					assertThat(TestPool.backend(connection)).isPositive();
				}
			}
			server.terminateBackends();
			Awaitility.await().ignoreExceptions().until(() -> pool.backend() > 0);
			assertThat(pool.count("invalidated")).isPositive();
		}
	}

	private static TestPool.Builder pool() {
		return TestPool.to(server, server.jdbcUrl(database)).mode(PoolMode.NONE);
	}

}
