package io.github.resilientdb.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.testsupport.EmbeddedPostgresServer;
import io.github.resilientdb.testsupport.MovingAddress;
import io.github.resilientdb.testsupport.PgBouncer;
import io.github.resilientdb.testsupport.PostgresServer;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A primary and its standby.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RequirePrimaryIntegrationTests {

	private static EmbeddedPostgresServer primary;

	private static EmbeddedPostgresServer standby;

	@BeforeAll
	static void start() throws Exception {
		primary = PostgresServer.embedded().start();
		primary.execute("create table t (i int)");
		standby = PostgresServer.streamingStandbyOf(primary);
		standby.start();
	}

	@AfterAll
	static void stop() {
		if (standby != null) {
			standby.close();
		}
		primary.close();
	}

	@Test
	@Order(1)
	void aPoolThatHasOnlyReadLendsWhatItGets() throws Exception {
		try (TestPool pool = pool(standbyFirst()).build()) {
			assertThat(isInRecovery(pool)).isTrue();
			try (Connection connection = pool.borrow()) {
				connection.setReadOnly(true);
				connection.setAutoCommit(false);
				assertThat(TestPool.queryForInt(connection, "select count(*) from t")).isNotNegative();
				connection.commit();
				connection.setAutoCommit(true);
				connection.setReadOnly(false);
			}
			assertThat(isInRecovery(pool)).isTrue();
		}
	}

	@Test
	@Order(1)
	void aRefusedWriteMovesThePoolToThePrimary() throws Exception {
		try (TestPool pool = pool(standbyFirst()).build()) {
			pool.fill(3);
			try (Connection connection = pool.borrow()) {
				connection.setAutoCommit(false);
				assertThat(catchThrowableOfType(SQLException.class,
						() -> TestPool.execute(connection, "insert into t values (1)"))
					.getSQLState()).isEqualTo("25006");
			}
			assertThat(pool.count("disconnected TRANSACTION read-only 25006")).isOne();
			for (int i = 0; i < 5; i++) {
				assertThat(isInRecovery(pool)).isFalse();
			}
			try (Connection connection = pool.borrow()) {
				connection.setAutoCommit(false);
				TestPool.execute(connection, "insert into t values (1)");
				connection.commit();
			}
			assertThat(pool.count("discarded standby")).isPositive();
		}
	}

	@Test
	@Order(1)
	void aTransactionThatWasDeclaredReadOnlyIsNotMeantToWrite() throws Exception {
		try (TestPool pool = pool(standbyFirst()).build(); Connection connection = pool.borrow()) {
			connection.setReadOnly(true);
			connection.setAutoCommit(false);
			assertThat(catchThrowableOfType(SQLException.class,
					() -> TestPool.execute(connection, "insert into t values (1)"))
				.getSQLState()).isEqualTo("25006");
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	@Order(1)
	void aRoleThatIsReadOnlyByDefaultIsNoStandby() throws Exception {
		primary.execute("create role reader login password 'reader'",
				"alter role reader set default_transaction_read_only = on");
		try (TestPool pool = TestPool.to(primary.jdbcUrl(), "reader", "reader")
			.requirePrimary(RequirePrimary.ALWAYS)
			.build(); Connection connection = pool.borrow()) {
			connection.setAutoCommit(false);
			assertThat(catchThrowableOfType(SQLException.class,
					() -> TestPool.execute(connection, "insert into t values (1)"))
				.getSQLState()).isEqualTo("25006");
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	@Order(1)
	void alwaysIsAPrimaryFromTheFirstConnectionOn() throws Exception {
		try (TestPool pool = pool(standbyFirst()).requirePrimary(RequirePrimary.ALWAYS).build()) {
			assertThat(isInRecovery(pool)).isFalse();
			assertThat(pool.count("disconnected")).isZero();
		}
	}

	@Test
	@Order(1)
	void poolsForStandbysAreLeftAlone() throws Exception {
		try (TestPool pool = pool(primaryFirst() + "?targetServerType=secondary").requirePrimary(RequirePrimary.ALWAYS)
			.build()) {
			assertThat(isInRecovery(pool)).isTrue();
		}
		try (TestPool pool = pool(primaryFirst() + "?targetServerType=preferSecondary").build()) {
			assertThat(isInRecovery(pool)).isTrue();
		}
		try (TestPool pool = pool(standby.jdbcUrl()).requirePrimary(RequirePrimary.ALWAYS)
			.hikari((config) -> config.setReadOnly(true))
			.build()) {
			assertThat(isInRecovery(pool)).isTrue();
		}
	}

	@Test
	@Order(1)
	void theUrlsOwnChoiceIsKept() throws Exception {
		try (TestPool pool = pool(standbyFirst() + "?targetServerType=primary").requirePrimary(RequirePrimary.NEVER)
			.build()) {
			assertThat(isInRecovery(pool)).isFalse();
		}
	}

	@Test
	@Order(1)
	void anAddressThatLeadsToAStandbyForAWhileIsWaitedFor() throws Exception {
		try (MovingAddress address = new MovingAddress(primary);
				TestPool running = pool(address.jdbcUrl()).size(3).build();
				TestPool fresh = pool(address.jdbcUrl()).size(3).requirePrimary(RequirePrimary.ALWAYS).build()) {
			running.fill(3);
			insert(running);
			address.leadTo(standby);
			List<Running<Boolean>> waiting = List.of(ThreadKind.PLATFORM.start(() -> isInRecovery(running)),
					ThreadKind.PLATFORM.start(() -> isInRecovery(fresh)));
			Awaitility.await().until(() -> running.count("outage-began") == 1 && fresh.count("outage-began") == 1);
			address.leadTo(primary);
			for (Running<Boolean> each : waiting) {
				assertThat(each.result()).isFalse();
			}
			for (TestPool pool : List.of(running, fresh)) {
				try (Connection one = pool.borrow();
						Connection other = pool.borrow();
						Connection last = pool.borrow()) {
					assertThat(List.of(isStandby(one), isStandby(other), isStandby(last))).containsOnly(false);
				}
			}
		}
	}

	@Test
	@Order(1)
	void aPoolThatOnlyReadsTakesWhatItsAddressLeadsTo() throws Exception {
		try (MovingAddress address = new MovingAddress(standby);
				TestPool pool = pool(address.jdbcUrl()).size(2).build()) {
			for (PostgresServer server : List.of(standby, primary, standby)) {
				address.leadTo(server);
				assertThat(isInRecovery(pool)).isEqualTo(server == standby);
				pool.fill(2); // none is being opened when the address moves
			}
			assertThat(pool.count("outage-began")).isZero();
		}
	}

	@Test
	@Order(1)
	void aPoolerThatRepeatsWhatAnotherServerSaidIsNotBelieved() throws Exception {
		try (MovingAddress address = new MovingAddress(primary);
				PgBouncer bouncer = PgBouncer.inFrontOf(primary, address);
				TestPool pool = pool(bouncer.jdbcUrl() + "&prepareThreshold=0").size(4)
					.timeout(Duration.ofSeconds(2))
					.build()) {
			pool.fill(4);
			insert(pool);
			address.leadTo(standby);
			// after a few writes that are refused, nothing is lent that leads there
			Awaitility.await().untilAsserted(() -> {
				SQLException failure = catchThrowableOfType(SQLException.class, () -> insert(pool));
				assertThat((Throwable) failure).hasMessageContaining("is a standby");
			});
			assertThat(pool.count("disconnected TRANSACTION read-only 25006")).isBetween(1L, 4L);
			address.leadTo(primary);
			Awaitility.await().ignoreExceptions().untilAsserted(() -> insert(pool));
		}
	}

	@Test
	@Order(2)
	void waitsForAPromotionAndNamesWhatItWaitsFor() throws Exception {
		try (TestPool pool = pool(standby.jdbcUrl() + "?password=secret").requirePrimary(RequirePrimary.ALWAYS)
			.timeout(Duration.ofSeconds(2))
			.build();
				TestPool patient = pool(standby.jdbcUrl()).requirePrimary(RequirePrimary.ALWAYS)
					.timeout(Duration.ofSeconds(30))
					.build()) {
			assertThat((Throwable) catchThrowableOfType(SQLException.class, pool::borrow))
				.hasMessageContaining("is a standby")
				.hasMessageContaining("resilientdb.pool.require-primary=always")
				.hasMessageContaining(Integer.toString(standby.port()))
				.hasMessageNotContaining("secret");
			Running<Integer> waiting = ThreadKind.PLATFORM.start(patient::backend);
			Awaitility.await().until(() -> patient.count("outage-began") == 1);
			primary.stop(PostgresServer.Mode.FAST);
			standby.promote();
			assertThat(waiting.result()).isPositive();
			assertThat(isInRecovery(patient)).isFalse();
		}
	}

	private static void insert(TestPool pool) throws SQLException {
		try (Connection connection = pool.borrow()) {
			connection.setAutoCommit(false);
			TestPool.execute(connection, "insert into t values (1)");
			connection.commit();
		}
	}

	private static TestPool.Builder pool(String url) {
		return TestPool.to(url, primary.username(), primary.password());
	}

	private static String standbyFirst() {
		return url(standby, primary);
	}

	private static String primaryFirst() {
		return url(primary, standby);
	}

	private static String url(PostgresServer first, PostgresServer second) {
		return "jdbc:postgresql://%s:%d,%s:%d/%s".formatted(first.host(), first.port(), second.host(), second.port(),
				primary.database());
	}

	private static boolean isInRecovery(TestPool pool) throws SQLException {
		try (Connection connection = pool.borrow()) {
			return isStandby(connection);
		}
	}

	private static boolean isStandby(Connection connection) throws SQLException {
		return TestPool.queryForInt(connection, "select pg_is_in_recovery()::int") == 1;
	}

}
