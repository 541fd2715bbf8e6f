package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.github.resilientdb.test.proxy.ArmedFault;
import io.github.resilientdb.test.proxy.ClientSide;
import io.github.resilientdb.test.proxy.Encryption;
import io.github.resilientdb.test.proxy.Fault;
import io.github.resilientdb.test.proxy.Statements;
import io.github.resilientdb.test.proxy.Traffic;
import io.github.resilientdb.testsupport.PostgresServer.Capability;
import io.github.resilientdb.testsupport.PostgresServer.Mode;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FaultProxy}: each fault is seen to fire, with the effect it promises.
 */
class FaultProxyIntegrationTests {

	// the common pool may have one thread only, which others may keep busy
	private static final Executor NEW_THREAD = (task) -> new Thread(task).start();

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final PostgresServer server = PostgresServer.shared();

	private final FaultProxy proxy = FaultProxy.inFrontOf(this.server);

	private final String schema = this.server.createSchema();

	@BeforeEach
	void createTable() {
		this.server.execute("create table %s.t (id int)".formatted(this.schema));
	}

	@AfterEach
	void closeProxy() {
		this.proxy.close();
		this.server.execute("drop schema %s cascade".formatted(this.schema));
	}

	@ParameterizedTest
	@ValueSource(strings = { "preferQueryMode=extended", "preferQueryMode=simple", "prepareThreshold=1",
			"prepareThreshold=0", "prepareThreshold=-1" })
	void dropsTheRequest(String parameter) throws SQLException {
		try (Connection connection = openWithWarmCommit(parameter)) {
			ArmedFault fault = this.proxy.arm(Fault.DROP_REQUEST);
			assertCommitFails(connection);
			fault.await(PATIENCE);
			awaitNoSession();
			assertThat(rows()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "preferQueryMode=extended", "preferQueryMode=simple", "prepareThreshold=1",
			"prepareThreshold=0", "prepareThreshold=-1" })
	void dropsTheResponse(String parameter) throws SQLException {
		try (Connection connection = openWithWarmCommit(parameter)) {
			ArmedFault fault = this.proxy.arm(Fault.DROP_RESPONSE);
			assertCommitFails(connection);
			fault.await(PATIENCE);
			fault.awaitAnswered(PATIENCE);
			assertThat(rows()).isEqualTo(1);
		}
	}

	@Test
	void recognisesAPreparedCommitWithoutItsText() throws SQLException {
		try (Connection connection = openWithWarmCommit("prepareThreshold=5")) {
			Traffic before = this.proxy.traffic();
			connection.createStatement().execute("insert into t values (0)");
			Traffic beforeCommit = this.proxy.traffic();
			connection.commit();
			Traffic commit = this.proxy.traffic().since(beforeCommit);
			assertThat(commit.fromClient('P')).as("COMMIT is prepared by now").isZero();
			assertThat(commit.fromClient('E')).isOne();
			assertThat(this.proxy.traffic().since(before).roundTrips()).isEqualTo(2);
			ArmedFault fault = this.proxy.arm(Fault.DROP_RESPONSE);
			assertCommitFails(connection);
			fault.await(PATIENCE);
			assertThat(rows()).isEqualTo(2);
		}
	}

	@Test
	void leavesTheSessionIdleInTransactionWhenTheServerStaysOpen() throws SQLException {
		try (Connection connection = openWithWarmCommit("")) {
			this.proxy.arm(Fault.DROP_REQUEST_SERVER_OPEN);
			assertCommitFails(connection);
			this.proxy.awaitFault(PATIENCE);
			assertThat(sessions("idle in transaction")).isEqualTo(1);
			assertThat(rows()).isZero();
			this.proxy.heal();
			awaitNoSession();
			assertThat(rows()).isZero();
		}
	}

	@Test
	void resetsAfterTheAnswer() throws SQLException {
		try (Connection connection = openWithWarmCommit("")) {
			this.proxy.arm(Fault.RESET_AFTER);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insertAndCommit(connection))
				.havingRootCause()
				.withMessageContaining("reset");
			this.proxy.awaitFault(PATIENCE);
			assertThat(rows()).isEqualTo(1);
		}
	}

	@Test
	void swallowsEverythingAfterTheRequest() throws SQLException {
		try (Connection connection = openWithWarmCommit("socketTimeout=1")) {
			ArmedFault fault = this.proxy.arm(Fault.BLACK_HOLE_AFTER);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insertAndCommit(connection))
				.havingRootCause()
				.withMessageContaining("timed out");
			fault.await(PATIENCE);
			fault.awaitAnswered(PATIENCE);
			assertThat(rows()).isEqualTo(1);
			assertThat(sessions("idle")).isEqualTo(1);
			this.proxy.heal();
			awaitNoSession();
		}
	}

	@Test
	void deliversTheRequestLate() throws SQLException {
		try (Connection connection = openWithWarmCommit("")) {
			ArmedFault fault = this.proxy.arm(Fault.lateRequest(Duration.ofMillis(500)));
			assertCommitFails(connection);
			fault.await(PATIENCE);
			assertThat(rows()).isZero();
			fault.awaitAnswered(PATIENCE);
			assertThat(rows()).isEqualTo(1);
			awaitNoSession();
		}
	}

	@Test
	void holdsTheReply() throws Exception {
		try (Connection connection = openWithWarmCommit("")) {
			ArmedFault fault = this.proxy.arm(Fault.HOLD);
			CompletableFuture<Void> commit = commitInBackground(connection);
			fault.await(PATIENCE);
			fault.awaitAnswered(PATIENCE);
			assertThat(rows()).isEqualTo(1);
			assertThat(commit).isNotDone();
			fault.release();
			assertThat(commit).succeedsWithin(PATIENCE);
			insertAndCommit(connection);
		}
	}

	@Test
	void holdsTheRequest() throws Exception {
		try (Connection connection = openWithWarmCommit("")) {
			ArmedFault fault = this.proxy.arm(Fault.HOLD_REQUEST);
			CompletableFuture<Void> commit = commitInBackground(connection);
			fault.await(PATIENCE);
			assertThat(rows()).isZero();
			assertThat(commit).isNotDone();
			fault.release();
			assertThat(commit).succeedsWithin(PATIENCE);
			assertThat(rows()).isEqualTo(1);
		}
	}

	@Test
	void armsForTheNthStatementOfAKind() throws SQLException {
		try (Connection connection = open("")) {
			ArmedFault fault = this.proxy.arm(Fault.DROP_REQUEST, Statements.containing("INTO t"), 3);
			insertAndCommit(connection);
			insertAndCommit(connection);
			assertThat(fault.isFired()).isFalse();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> connection.createStatement().execute("insert into t values (3)"));
			fault.await(PATIENCE);
			assertThat(this.proxy.faultsFired()).isOne();
		}
	}

	@Test
	void dropsAWholeBatchThatEndsWithCommit() throws SQLException {
		try (Connection connection = openWithWarmCommit(""); Statement statement = connection.createStatement()) {
			this.proxy.arm(Fault.DROP_REQUEST);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> statement.execute("insert into t values (1); commit"));
			this.proxy.awaitFault(PATIENCE);
			awaitNoSession();
			assertThat(rows()).isZero();
		}
	}

	@Test
	void losesTheRepliesToAWholeBatchThatEndsWithCommit() throws SQLException {
		try (Connection connection = openWithWarmCommit(""); Statement statement = connection.createStatement()) {
			this.proxy.arm(Fault.DROP_RESPONSE);
			Traffic before = this.proxy.traffic();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> statement.execute("insert into t values (1); insert into t values (2); commit"));
			this.proxy.awaitFault(PATIENCE);
			assertThat(this.proxy.traffic().since(before).roundTrips()).isOne();
			assertThat(rows()).isEqualTo(2);
		}
	}

	@Test
	void firesWithLatency() throws SQLException {
		this.proxy.latency(Duration.ofMillis(3));
		try (Connection connection = openWithWarmCommit("")) {
			this.proxy.arm(Fault.DROP_RESPONSE);
			assertCommitFails(connection);
			this.proxy.awaitFault(PATIENCE);
			assertThat(rows()).isEqualTo(1);
		}
	}

	@Test
	void cutEndsConnectionsOnBothSides() throws SQLException {
		try (Connection connection = open("")) {
			this.proxy.cut();
			assertThat(connection.isValid(1)).isFalse();
			awaitNoSession();
			Awaitility.await().until(() -> this.proxy.openConnections() == 0);
		}
		try (Connection connection = open("")) {
			assertThat(connection.isValid(30)).isTrue();
		}
	}

	@Test
	void resetSendsReset() throws SQLException, IOException {
		try (Socket socket = new Socket("127.0.0.1", this.proxy.port())) {
			Awaitility.await().until(() -> this.proxy.openConnections() == 1);
			this.proxy.reset();
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> socket.getInputStream().read())
				.withMessageContaining("reset");
		}
	}

	@Test
	void halfOpenLeavesSessionsOnTheServer() throws SQLException {
		try (Connection connection = open("")) {
			connection.createStatement().execute("insert into t values (1)");
			this.proxy.halfOpen();
			assertThat(connection.isValid(1)).isFalse();
			assertThat(sessions("idle in transaction")).isEqualTo(1);
			this.proxy.heal();
			awaitNoSession();
		}
	}

	@Test
	void blackHoleDeliversNothingUntilHealed() throws SQLException {
		try (Connection used = open("socketTimeout=1"); Connection unused = open("")) {
			this.proxy.blackHole();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> used.createStatement().execute("insert into t values (1)"));
			assertThat(sessions("idle")).isEqualTo(2);
			try (Connection fresh = open("")) {
				assertThat(fresh.isValid(30)).isTrue();
			}
			this.proxy.heal();
			assertThat(unused.isValid(30)).as("nothing was lost on it").isTrue();
			assertThat(rows()).isZero();
		}
	}

	@Test
	void blackHoleMaySwallowNewConnectionsToo() throws SQLException {
		this.proxy.blackHoleEverything();
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> open("connectTimeout=1&loginTimeout=1"));
		this.proxy.heal();
		open("").close();
	}

	@Test
	void refusesNewConnectionsOnly() throws SQLException {
		try (Connection connection = open("")) {
			this.proxy.refuse();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> open(""))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"));
			assertThat(connection.isValid(30)).isTrue();
			this.proxy.accept();
			open("").close();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 250, 2500 })
	void delaysExactly(int micros) throws SQLException {
		int rounds = 200;
		try (Connection connection = open(""); PreparedStatement statement = connection.prepareStatement("select 1")) {
			double undelayed = fastest(rounds, statement);
			this.proxy.latency(Duration.ofNanos(1000L * micros));
			double delayed = fastest(rounds, statement);
			assertThat(delayed).as("round trip in microseconds, undelayed: %s", undelayed)
				.isBetween(2.0 * micros, undelayed + 2 * micros + 1000);
		}
	}

	/**
	 * Return what a round trip takes that nothing else disturbs.
	 */
	private static double fastest(int rounds, PreparedStatement statement) throws SQLException {
		double fastest = Double.MAX_VALUE;
		for (int i = 0; i < rounds; i++) {
			long before = System.nanoTime();
			statement.executeQuery().close();
			fastest = Math.min(fastest, (System.nanoTime() - before) / 1e3);
		}
		return fastest;
	}

	@Test
	void delaysManyMessagesTogether() throws SQLException {
		this.proxy.latency(Duration.ofMillis(20));
		try (Connection connection = open(""); Statement statement = connection.createStatement()) {
			long before = System.nanoTime();
			try (ResultSet result = statement.executeQuery("select repeat('x', 1000) from generate_series(1, 20000)")) {
				int count = 0;
				while (result.next()) {
					count++;
				}
				assertThat(count).isEqualTo(20_000);
			}
			// 600 packets at least: one after the other they would take 12 s
			assertThat(Duration.ofNanos(System.nanoTime() - before)).isBetween(Duration.ofMillis(40),
					Duration.ofSeconds(10));
		}
	}

	@Test
	void countsMessages() throws SQLException {
		try (Connection connection = open("")) {
			Traffic before = this.proxy.traffic();
			assertThat(before.connections()).isOne();
			connection.setAutoCommit(true);
			connection.createStatement().execute("select 1");
			Traffic traffic = this.proxy.traffic().since(before);
			assertThat(traffic.connections()).isZero();
			assertThat(traffic.roundTrips()).isOne();
			assertThat(traffic.messagesFromClient()).isEqualTo(5);
			assertThat(traffic.fromServer('Z')).isOne();
			assertThat(this.proxy.traffic().since(before)).isEqualTo(traffic);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgres", "direct" })
	void passesEncryptedConnections(String negotiation) throws SQLException {
		try (EmbeddedPostgresServer encrypting = PostgresServer.embedded().tls().start();
				FaultProxy own = FaultProxy.inFrontOf(encrypting);
				Connection connection = DriverManager.getConnection(own.jdbcUrl()
						+ "?sslmode=require&connectTimeout=10&socketTimeout=60&sslNegotiation=" + negotiation,
						encrypting.username(), encrypting.password())) {
			assertThat(connection.isValid(30)).isTrue();
			own.latency(Duration.ofMillis(1));
			assertThat(connection.isValid(30)).isTrue();
			own.cut();
			assertThat(connection.isValid(1)).isFalse();
		}
	}

	@Test
	void saysWhatAServerWithoutTlsSays() {
		try (EmbeddedPostgresServer plain = PostgresServer.embedded().start();
				io.github.resilientdb.test.proxy.FaultProxy insisting = new io.github.resilientdb.test.proxy.FaultProxy(
						plain.host(), plain.port(), Encryption.REQUIRED, ClientSide.PLAIN)) {
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> DriverManager.getConnection(
						"jdbc:postgresql://127.0.0.1:" + insisting.port() + "/postgres?sslmode=disable",
						plain.username(), plain.password()))
				.withMessageContaining("does not support TLS")
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08004"));
		}
	}

	@Test
	void cancelsStatements() throws SQLException {
		try (Connection connection = open(""); Statement statement = connection.createStatement()) {
			statement.setQueryTimeout(1);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("select pg_sleep(20)"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57014"));
		}
	}

	@Test
	void followsTheServerThroughARestart() throws SQLException {
		this.server.assumeSupports(Capability.RESTART);
		try (Connection connection = open("")) {
			this.server.stop(Mode.FAST);
			try {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> connection.createStatement().execute("select 1"))
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> open(""))
					.satisfies((ex) -> assertThat(ex.getSQLState()).startsWith("08"));
			}
			finally {
				this.server.start();
			}
			open("").close();
		}
	}

	@Test
	void closeLeavesNoThread() throws SQLException {
		this.proxy.latency(Duration.ofMillis(1));
		try (Connection connection = openWithWarmCommit("")) {
			this.proxy.arm(Fault.HOLD);
			CompletableFuture<Void> commit = commitInBackground(connection);
			this.proxy.awaitFault(PATIENCE);
			this.proxy.close();
			assertThat(commit).failsWithin(PATIENCE);
			assertThat(Thread.getAllStackTraces().keySet())
				.noneMatch((thread) -> thread.getName().startsWith("fault-proxy-" + this.proxy.port()));
		}
	}

	private Connection open(String parameters) throws SQLException {
		Connection connection = DriverManager.getConnection("%s?ApplicationName=%s&currentSchema=%s&%s"
			.formatted(this.proxy.jdbcUrl(), this.schema, this.schema, parameters), this.server.username(),
				this.server.password());
		connection.setAutoCommit(false);
		return connection;
	}

	/**
	 * Open a connection that has committed so often that COMMIT is a prepared statement.
	 */
	private Connection openWithWarmCommit(String parameters) throws SQLException {
		Connection connection = open(parameters);
		for (int i = 0; i < 7; i++) {
			connection.createStatement().execute("select 1");
			connection.commit();
		}
		return connection;
	}

	private static void insertAndCommit(Connection connection) throws SQLException {
		connection.createStatement().execute("insert into t values (1)");
		connection.commit();
	}

	private static void assertCommitFails(Connection connection) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> insertAndCommit(connection))
			.satisfies((ex) -> assertThat(ex.getSQLState()).startsWith("08"));
	}

	private static CompletableFuture<Void> commitInBackground(Connection connection) {
		return CompletableFuture.runAsync(() -> {
			try {
				insertAndCommit(connection);
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}, NEW_THREAD);
	}

	private int rows() {
		return this.server.queryForInt("select count(*) from %s.t".formatted(this.schema));
	}

	private int sessions(String state) {
		return this.server
			.queryForInt("select count(*) from pg_stat_activity where application_name = '%s' and state = '%s'"
				.formatted(this.schema, state));
	}

	private void awaitNoSession() {
		Awaitility.await()
			.until(() -> this.server.queryForInt(
					"select count(*) from pg_stat_activity where application_name = '%s'".formatted(this.schema)) == 0);
	}

}
