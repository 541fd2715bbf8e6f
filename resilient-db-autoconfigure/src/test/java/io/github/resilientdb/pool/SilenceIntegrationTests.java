package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import com.zaxxer.hikari.util.Credentials;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.FaultProxy;
import io.github.resilientdb.testsupport.PgBouncer;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Calls that wait for an answer, and those that none is going to come to.
 */
class SilenceIntegrationTests {

	private static final Duration AFTER = Duration.ofMillis(300);

	private static final Duration FOUND = Duration.ofSeconds(15);

	private static EmbeddedPostgresServer server;

	@BeforeAll
	static void start() {
		server = PostgresServer.embedded().start();
	}

	@AfterEach
	void resume() {
		server.resume();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void aLongStatementIsLeftAlone() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl()).build(); Connection connection = pool.borrow()) {
			TestPool.execute(connection, "select pg_sleep(2.5)");
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void aLongStatementIsLeftAloneWhereLoginsTimeOut() throws Exception {
		try (EmbeddedPostgresServer slow = PostgresServer.embedded().start();
				TestPool pool = TestPool.to(slow, slow.jdbcUrl()).silence(AFTER).size(1).build();
				Connection connection = pool.borrow()) {
			TestPool.execute(connection, "alter system set post_auth_delay = 5");
			TestPool.execute(connection, "select pg_reload_conf()");
			Awaitility.await()
				.until(() -> TestPool.queryForInt(connection,
						"select count(*) where pg_conf_load_time() > pg_postmaster_start_time()") == 1);
			TestPool.execute(connection, "select pg_sleep(4)");
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void aLongStatementIsLeftAloneWhileOthersAreAnswered() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = pool(proxy.jdbcUrl()).size(2).build();
				Connection one = pool.borrow();
				Connection other = pool.borrow()) {
			proxy.blackHoleNewConnections();
			Running<Object> sleeping = ThreadKind.PLATFORM.start(() -> {
				TestPool.execute(one, "select pg_sleep(4)");
				return "slept";
			});
			while (!sleeping.future().isDone()) {
				TestPool.execute(other, "select pg_sleep(0.05)");
			}
			assertThat(sleeping.result()).isEqualTo("slept");
		}
	}

	@Test
	void anAnswerThatGotLostIsNotWaitedFor() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = pool(proxy.jdbcUrl()).size(1).build();
				Connection holder = server.connect();
				Connection connection = pool.borrow()) {
			int backend = TestPool.backend(connection);
			TestPool.execute(holder, "select pg_advisory_lock(1)");
			Running<SQLException> waiting = ThreadKind.PLATFORM.start(() -> catchThrowableOfType(SQLException.class,
					() -> TestPool.execute(connection, "select pg_advisory_xact_lock(1)")));
			Awaitility.await()
				.until(() -> server
					.queryForInt("select count(*) from pg_stat_activity where wait_event = 'advisory' and pid = "
							+ backend) == 1);
			proxy.blackHole();
			TestPool.execute(holder, "select pg_advisory_unlock(1)");
			SQLException failure = waiting.result();
			assertThat(failure.getSQLState()).isEqualTo("08006");
			assertThat((Throwable) failure).hasStackTraceContaining("No answer, and its server process waits for us");
			Awaitility.await()
				.until(() -> server.queryForInt("select count(*) from pg_stat_activity where pid = " + backend) == 0);
			assertThat(pool.count("disconnected TRANSACTION timeout 08006")).isOne();
		}
	}

	@Test
	void aServerThatFallsSilentIsNotWaitedFor() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl()).size(4).build();
				Connection connection = pool.borrow();
				Connection other = pool.borrow()) {
			TestPool.execute(other, "select 1");
			server.pause();
			long start = System.nanoTime();
			SQLException failure = catchThrowableOfType(SQLException.class,
					() -> TestPool.execute(connection, "select 1"));
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(2), FOUND);
			assertThat(failure.getSQLState()).isEqualTo("08006");
			assertThat((Throwable) failure).hasStackTraceContaining("No answer, and its server can't be reached");
			// others are not to find out for themselves
			assertThat((Throwable) catchThrowableOfType(SQLException.class, () -> TestPool.execute(other, "select 1")))
				.hasStackTraceContaining("its server can't be reached");
		}
	}

	@Test
	void behindAPoolerNothingIsCut() throws Exception {
		try (PgBouncer bouncer = PgBouncer.inFrontOf(server);
				TestPool pool = pool(bouncer.jdbcUrl() + "&prepareThreshold=0").size(1).build();
				Connection connection = pool.borrow()) {
			TestPool.execute(connection, "select pg_sleep(3.5)");
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void aListenerMayWaitForEver() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl()).size(1).build(); Connection connection = pool.borrow()) {
			TestPool.execute(connection, "listen anything");
			assertThat(connection.unwrap(PGConnection.class).getNotifications(2000)).isNullOrEmpty();
			TestPool.execute(connection, "select 1");
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	/**
	 * The sockets are not ours: only what is proven otherwise ends a call.
	 */
	@Test
	void onSocketsOfTheUserACallWhoseProcessIsGoneIsNotWaitedFor() throws Exception {
		try (FaultProxy proxy = FaultProxy.inFrontOf(server);
				TestPool pool = pool(withUsersSockets(proxy.jdbcUrl())).size(2).build();
				Connection connection = pool.borrow()) {
			int backend = TestPool.backend(connection);
			Running<SQLException> waiting = ThreadKind.PLATFORM.start(() -> catchThrowableOfType(SQLException.class,
					() -> TestPool.execute(connection, "select pg_sleep(60)")));
			Awaitility.await()
				.until(() -> server.queryForInt(
						"select count(*) from pg_stat_activity where state = 'active' and pid = " + backend) == 1);
			proxy.blackHole();
			server.execute("select pg_terminate_backend(%d)".formatted(backend));
			assertThat(waiting.result().getSQLState()).isEqualTo("08006");
			assertThat(pool.count("disconnected TRANSACTION")).isOne();
		}
	}

	@Test
	void onSocketsOfTheUserWhoWaitsOrThinksIsLeftAlone() throws Exception {
		try (TestPool pool = pool(withUsersSockets(server.jdbcUrl())).size(2).build();
				Connection connection = pool.borrow()) {
			connection.setAutoCommit(false);
			int backend = TestPool.backend(connection);
			TestPool.execute(connection, "select pg_sleep(1.5)");
			Awaitility.await()
				.pollDelay(AFTER.multipliedBy(5))
				.until(() -> server.queryForInt("select count(*) from pg_stat_activity"
						+ " where state = 'idle in transaction' and pid = " + backend) == 1);
			assertThat(TestPool.backend(connection)).isEqualTo(backend);
			connection.commit();
			connection.setAutoCommit(true);
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	/**
	 * Who looks may not see the processes of another user.
	 */
	@Test
	void aLongStatementOfAnEarlierUserIsLeftAlone() throws Exception {
		server.execute("create role earlier login password 'earlier'");
		server.execute("create role later login password 'later'");
		try (TestPool pool = TestPool.to(server.jdbcUrl(), "earlier", "earlier").silence(AFTER).size(1).build();
				Connection connection = pool.borrow()) {
			pool.dataSource().setCredentials(Credentials.of("later", "later"));
			TestPool.execute(connection, "select pg_sleep(2)");
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	void itCanBeSwitchedOff() throws Exception {
		try (TestPool pool = pool(server.jdbcUrl()).silence(null).size(1).build();
				Connection connection = pool.borrow()) {
			server.pause();
			Running<Object> waiting = ThreadKind.PLATFORM.start(() -> {
				TestPool.execute(connection, "select 1");
				return "answered";
			});
			Awaitility.await().pollDelay(Duration.ofSeconds(3)).until(() -> !waiting.future().isDone());
			server.resume();
			assertThat(waiting.result()).isEqualTo("answered");
		}
	}

	private static String withUsersSockets(String url) {
		return url + (url.contains("?") ? "&" : "?") + "socketFactory=" + UsersSocketFactory.class.getName();
	}

	private static TestPool.Builder pool(String url) {
		return TestPool.to(url, server.username(), server.password()).silence(AFTER).timeout(Duration.ofSeconds(5));
	}

}
