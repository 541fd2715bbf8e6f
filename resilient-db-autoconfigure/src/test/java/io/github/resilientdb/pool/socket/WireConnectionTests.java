package io.github.resilientdb.pool.socket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.resilientdb.testsupport.NetworkDescriptors;
import io.github.resilientdb.testsupport.SilentProxy;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.UnresponsivePort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * What the PostgreSQL driver and {@link WireSocket} must do together, whatever lies
 * between them and the server.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WireConnectionTests {

	// what a machine that is busy adds
	private static final Duration LATE = Duration.ofSeconds(4);

	abstract int port();

	abstract String url(int port);

	private String url() {
		return url(port());
	}

	@AfterEach
	void noTicketIsLeftBehind() {
		// a pool of another test may be opening a connection at this moment
		Awaitility.await().untilAsserted(() -> assertThat(WireTicket.underWay()).isZero());
	}

	@Test
	void isSilentWhileHealthy() throws Exception {
		try (WireConnection connection = WireConnection.open(url())) {
			for (int i = 0; i < 20; i++) {
				connection.query("select repeat('x', " + i * 1000 + ")");
				assertThat(connection.socket().isReadable()).isFalse();
			}
			assertThat(connection.jdbc().isValid(30)).isTrue();
		}
	}

	@Test
	void noticesThatTheServerTerminatedIt() throws Exception {
		try (WireConnection admin = WireConnection.open(url());
				WireConnection connection = WireConnection.open(url())) {
			admin.query("select pg_terminate_backend(" + connection.backend() + ")");
			await().until(connection.socket()::isReadable);
			assertThat(admin.socket().isReadable()).isFalse();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.query("select 1"))
				.extracting(SQLException::getSQLState)
				.isEqualTo("57P01");
		}
	}

	@Test
	void noticesThatTheNetworkEndedIt() throws Exception {
		try (SilentProxy proxy = new SilentProxy(port());
				WireConnection connection = WireConnection.open(url(proxy.port()))) {
			assertThat(connection.socket().isReadable()).isFalse();
			proxy.close();
			await().until(connection.socket()::isReadable);
		}
	}

	@Test
	void failsExactlyAtTheDeadlineWhenTheNetworkFallsSilent() throws Exception {
		try (SilentProxy proxy = new SilentProxy(port())) {
			WireConnection connection = WireConnection.open(url(proxy.port()));
			connection.query("select 1");
			proxy.fallSilent();
			assertThat(connection.socket().isReadable()).isFalse();
			long start = System.nanoTime();
			connection.socket().deadline(start + Duration.ofMillis(300).toNanos());
			assertThat(connection.jdbc().isValid(20)).isFalse();
			assertElapsed(start, Duration.ofMillis(300));
			connection.close();
			assertElapsed(start, Duration.ofMillis(300));
			assertThat(connection.jdbc().isClosed()).isTrue();
		}
	}

	@Test
	void aStatementPastTheDeadlineTellsWhy() throws Exception {
		try (WireConnection connection = WireConnection.open(url())) {
			long start = System.nanoTime();
			connection.socket().deadline(start + Duration.ofMillis(300).toNanos());
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.query("select pg_sleep(10)"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).startsWith("08"))
				.withStackTraceContaining(SocketTimeoutException.class.getName());
			assertElapsed(start, Duration.ofMillis(300));
			assertThat(connection.jdbc().isClosed()).isTrue();
		}
	}

	@Test
	void theDriversOwnTimeoutsStillWork() throws Exception {
		try (WireConnection connection = WireConnection.open(url())) {
			connection.jdbc().setNetworkTimeout(Runnable::run, 200);
			assertThat(connection.jdbc().getNetworkTimeout()).isEqualTo(200);
			long start = System.nanoTime();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.query("select pg_sleep(10)"))
				.withStackTraceContaining(SocketTimeoutException.class.getName());
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
		}
	}

	@Test
	void connectingFailsExactlyAtItsDeadlineWhenTheNetworkIsSilent() throws Exception {
		try (SilentProxy proxy = new SilentProxy(port())) {
			proxy.fallSilent();
			long start = System.nanoTime();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> WireConnection.open(url(proxy.port()), Duration.ofMillis(300)));
			assertElapsed(start, Duration.ofMillis(300));
		}
	}

	@Test
	void connectingFailsExactlyAtItsDeadlineOverAllHosts() throws Exception {
		try (UnresponsivePort first = new UnresponsivePort(); UnresponsivePort second = new UnresponsivePort()) {
			String url = url(first.address().getPort()).replaceFirst("localhost:\\d+",
					"localhost:%d,localhost:%d".formatted(first.address().getPort(), second.address().getPort()));
			long start = System.nanoTime();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> WireConnection.open(url, Duration.ofMillis(300)));
			assertElapsed(start, Duration.ofMillis(300));
		}
	}

	@Test
	void redeemsTheSocketOfTheHostThatAnswered() throws Exception {
		String url = url().replaceFirst("localhost:\\d+", "localhost:1,localhost:%d".formatted(port()));
		try (WireConnection connection = WireConnection.open(url)) {
			assertThat(connection.socket().getPort()).isEqualTo(port());
			assertThat(connection.socket().isReadable()).isFalse();
		}
	}

	@Test
	void aLoginTimeoutLeavesNothingBehind() throws Exception {
		try (SilentProxy proxy = new SilentProxy(port())) {
			proxy.fallSilent();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> WireConnection.open(url(proxy.port()) + "&loginTimeout=1"));
		}
	}

	@Test
	void connectsOnAnotherThread() throws Exception {
		try (WireConnection connection = WireConnection.open(url() + "&loginTimeout=30")) {
			assertThat(connection.query("select 1")).isEqualTo("1");
			assertThat(connection.socket().isReadable()).isFalse();
		}
	}

	@Test
	void failedConnectsLeaveNothingBehind() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> WireConnection.open(url(1)));
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> WireConnection.open(url().replaceFirst("localhost", "nowhere.invalid")));
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> WireConnection.open(url().replaceFirst("/[a-z]+\\?", "/missing?")));
	}

	@Test
	void givesBackEveryDescriptor() throws Exception {
		assumeThat(NetworkDescriptors.areKnown()).isTrue();
		NetworkDescriptors before = NetworkDescriptors.now();
		for (int i = 0; i < 50; i++) {
			WireConnection.open(url()).close();
		}
		await().untilAsserted(() -> assertThat(NetworkDescriptors.now().since(before)).isLessThanOrEqualTo(0));
	}

	@Test
	void hasOneDescriptorLikeAnySocket() throws Exception {
		assumeThat(NetworkDescriptors.areKnown()).isTrue();
		List<WireConnection> connections = new ArrayList<>();
		NetworkDescriptors before = NetworkDescriptors.now();
		try {
			for (int i = 0; i < 50; i++) {
				connections.add(WireConnection.open(url()));
			}
			assertThat(NetworkDescriptors.now().since(before)).isLessThan(50 + 10);
		}
		finally {
			for (WireConnection connection : connections) {
				connection.close();
			}
		}
		await().untilAsserted(() -> assertThat(NetworkDescriptors.now().since(before)).isLessThanOrEqualTo(0));
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void aFlagSetBeforehandChangesNothing(ThreadKind kind) throws Exception {
		kind.call(() -> {
			Thread.currentThread().interrupt();
			try (WireConnection connection = WireConnection.open(url())) {
				assertInterrupted();
				connection.execute("create temp table entry (id int)");
				connection.jdbc().setAutoCommit(false);
				connection.execute("insert into entry select generate_series(1, 100000)");
				connection.jdbc().commit();
				assertInterrupted();
				assertThat(connection.query("select count(*) from entry")).isEqualTo("100000");
				assertThat(connection.jdbc().isValid(30)).isTrue();
				assertThat(connection.socket().isReadable()).isFalse();
				assertInterrupted();
			}
			assertInterrupted();
			return null;
		});
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void anInterruptDuringAStatementLetsItFinish(ThreadKind kind) throws Exception {
		try (WireConnection admin = WireConnection.open(url());
				WireConnection connection = WireConnection.open(url())) {
			int backend = connection.backend();
			admin.query("select pg_advisory_lock(1)");
			ThreadKind.Running<Boolean> running = kind.start(() -> {
				connection.execute("select pg_advisory_lock(1)");
				return Thread.currentThread().isInterrupted();
			});
			await().until(() -> "advisory"
				.equals(admin.query("select wait_event from pg_stat_activity where pid = " + backend)));
			running.thread().interrupt();
			admin.query("select pg_advisory_unlock(1)");
			assertThat(running.result()).isTrue();
			assertThat(connection.query("select 1")).isEqualTo("1");
		}
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void closeNowEndsAStatement(ThreadKind kind) throws Exception {
		try (WireConnection admin = WireConnection.open(url());
				WireConnection connection = WireConnection.open(url())) {
			int backend = connection.backend();
			ThreadKind.Running<String> running = kind.start(() -> {
				try {
					return connection.query("select pg_sleep(30)");
				}
				catch (SQLException ex) {
					return ex.getSQLState();
				}
			});
			await().until(() -> "PgSleep"
				.equals(admin.query("select wait_event from pg_stat_activity where pid = " + backend)));
			connection.socket().closeNow();
			assertThat(running.result()).isEqualTo("08006");
		}
	}

	@Test
	void cancelsStatements() throws Exception {
		try (WireConnection connection = WireConnection.open(url())) {
			try (Statement statement = connection.jdbc().createStatement()) {
				statement.setQueryTimeout(1);
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("select pg_sleep(30)"))
					.extracting(SQLException::getSQLState)
					.isEqualTo("57014");
			}
			assertThat(connection.query("select 1")).isEqualTo("1");
			assertThat(connection.socket().isClosed()).isFalse();
		}
	}

	@Test
	void transfersLargeValues() throws Exception {
		try (WireConnection connection = WireConnection.open(url());
				PreparedStatement statement = connection.jdbc().prepareStatement("select md5(?::text), ?::text")) {
			String text = "0123456789abcdef".repeat(1_000_000);
			statement.setString(1, text);
			statement.setString(2, text);
			try (var result = statement.executeQuery()) {
				result.next();
				assertThat(result.getString(2)).isEqualTo(text);
				assertThat(connection.query("select md5(repeat('0123456789abcdef', 1000000))"))
					.isEqualTo(result.getString(1));
			}
		}
	}

	@Test
	void copies() throws Exception {
		try (WireConnection connection = WireConnection.open(url())) {
			connection.execute("create temp table entry (id int, name text)");
			CopyManager copy = connection.jdbc().unwrap(PGConnection.class).getCopyAPI();
			StringBuilder rows = new StringBuilder();
			for (int i = 0; i < 300_000; i++) {
				rows.append(i).append("\tname\n");
			}
			byte[] data = rows.toString().getBytes(StandardCharsets.UTF_8);
			assertThat(copy.copyIn("copy entry from stdin", new ByteArrayInputStream(data))).isEqualTo(300_000);
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			copy.copyOut("copy entry to stdout", out);
			assertThat(out.toByteArray()).isEqualTo(data);
		}
	}

	@Test
	void batchesBeyondTheSocketBuffers() throws Exception {
		try (WireConnection connection = WireConnection.open(url())) {
			connection.execute("create temp table entry (id int, name text)");
			connection.jdbc().setAutoCommit(false);
			try (PreparedStatement insert = connection.jdbc()
				.prepareStatement("insert into entry values (?, ?)", Statement.RETURN_GENERATED_KEYS)) {
				for (int i = 0; i < 3000; i++) {
					insert.setInt(1, i);
					insert.setString(2, "x".repeat(2000));
					insert.addBatch();
				}
				assertThat(insert.executeBatch()).hasSize(3000);
			}
			connection.jdbc().commit();
			assertThat(connection.query("select sum(length(name)) from entry")).isEqualTo("6000000");
		}
	}

	@Test
	void receivesNotifications() throws Exception {
		try (WireConnection listener = WireConnection.open(url());
				WireConnection notifier = WireConnection.open(url())) {
			listener.execute("listen news");
			PGConnection pg = listener.jdbc().unwrap(PGConnection.class);
			assertThat(pg.getNotifications()).isEmpty();
			assertThat(pg.getNotifications(20)).isEmpty();
			assertThat(listener.jdbc().getNetworkTimeout()).isZero();
			notifier.execute("notify news, 'first'");
			await().until(() -> listener.socket().isReadable());
			assertThat(pg.getNotifications(5000)).hasSize(1);
			assertThat(listener.socket().isReadable()).isFalse();
			assertThat(listener.query("select 1")).isEqualTo("1");
		}
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void waitingOccupiesNoCarrier(ThreadKind kind) throws Exception {
		List<WireConnection> connections = new ArrayList<>();
		try (WireConnection admin = WireConnection.open(url())) {
			for (int i = 0; i < 12; i++) {
				connections.add(WireConnection.open(url()));
			}
			admin.query("select pg_advisory_lock(2)");
			List<ThreadKind.Running<String>> running = connections.stream()
				.map((connection) -> kind.start(() -> connection.query("select pg_advisory_lock_shared(2)")))
				.toList();
			// all of them at once, though there are fewer carriers
			await().until(() -> "12"
				.equals(admin.query("select count(*) from pg_stat_activity where wait_event = 'advisory'")));
			admin.query("select pg_advisory_unlock(2)");
			for (ThreadKind.Running<String> each : running) {
				each.result();
			}
		}
		finally {
			for (WireConnection connection : connections) {
				connection.close();
			}
		}
	}

	@Test
	void abortsAStatement() throws Exception {
		try (WireConnection connection = WireConnection.open(url())) {
			ThreadKind.Running<String> running = ThreadKind.PLATFORM.start(() -> {
				try {
					return connection.query("select pg_sleep(30)");
				}
				catch (SQLException ex) {
					return ex.getSQLState();
				}
			});
			await()
				.until(() -> running.thread().getStackTrace().length > 0 && Stream.of(running.thread().getStackTrace())
					.anyMatch((frame) -> frame.getClassName().equals(Readiness.class.getName())));
			Connection jdbc = connection.jdbc();
			jdbc.abort(Runnable::run);
			assertThat(running.result()).isEqualTo("08006");
		}
	}

	static Stream<ThreadKind> kinds() {
		return ThreadKind.available();
	}

	private static void assertInterrupted() {
		assertThat(Thread.currentThread().isInterrupted()).isTrue();
	}

	private static void assertElapsed(long start, Duration expected) {
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(expected, expected.plus(LATE));
	}

}
