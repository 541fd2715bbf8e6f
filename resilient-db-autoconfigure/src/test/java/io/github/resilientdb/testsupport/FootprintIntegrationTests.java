package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is left behind is found, and no longer when it is gone.
 */
class FootprintIntegrationTests {

	private static final PostgresServer server = PostgresServer.shared();

	private Footprint before;

	@BeforeEach
	void look() {
		this.before = Footprint.now();
	}

	@AfterEach
	void everythingIsGone() {
		Awaitility.await().until(() -> left().isEmpty());
	}

	@Test
	void findsASocket() throws IOException {
		try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort())) {
			String both = "127.0.0.1:%d -> 127.0.0.1:%d".formatted(client.getLocalPort(), listener.getLocalPort());
			awaitLeft((left) -> {
				assertThat(left).extracting(Leak::kind).containsOnly(Leak.Kind.DESCRIPTOR);
				assertThat(left).extracting(Leak::what).anyMatch((what) -> what.contains(both));
			});
		}
	}

	@Test
	void findsAnEventQueue() throws IOException {
		try (Selector selector = Selector.open()) {
			assertThat(selector.isOpen()).isTrue();
			awaitLeft((left) -> assertThat(left).extracting(Leak::what).contains("anon_inode:[eventpoll]"));
		}
	}

	@Test
	void findsAThread() {
		CountDownLatch end = new CountDownLatch(1);
		Thread thread = new Thread(() -> {
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, "forgotten");
		thread.start();
		awaitLeft((left) -> assertThat(left).singleElement().satisfies((leak) -> {
			assertThat(leak.kind()).isEqualTo(Leak.Kind.THREAD);
			assertThat(leak.what()).startsWith("forgotten (");
		}));
		end.countDown();
	}

	@Test
	void findsAProcess() throws Exception {
		Process process = new ProcessBuilder("sleep", "60").start();
		// a new process shows the command line of its parent at first
		awaitLeft((left) -> assertThat(left).anySatisfy((leak) -> {
			assertThat(leak.kind()).isEqualTo(Leak.Kind.PROCESS);
			assertThat(leak.what()).contains("sleep 60");
		}));
		process.destroyForcibly().waitFor();
		process.getInputStream().close();
		process.getErrorStream().close();
		process.getOutputStream().close();
	}

	@Test
	void findsASession() throws Exception {
		try (Connection connection = DriverManager.getConnection(server.jdbcUrl() + "?ApplicationName=forgotten",
				server.username(), server.password()); Statement statement = connection.createStatement()) {
			statement.execute("select 'nobody'");
			awaitLeft((left) -> assertThat(left).anySatisfy((leak) -> {
				assertThat(leak.kind()).isEqualTo(Leak.Kind.SESSION);
				assertThat(leak.what()).contains("of forgotten in", "idle: select 'nobody'");
			}));
		}
	}

	@Test
	void findsRowsOfMarkers() {
		String database = server.createDatabase();
		try {
			String table = "create table marker (id uuid primary key, at timestamptz default clock_timestamp())";
			server.executeIn(database, table,
					"comment on table marker is 'resilient-db: outcomes of recent transactions'");
			Footprint with = Footprint.now();
			server.executeIn(database, "insert into marker values ('01900000-0000-7000-8000-000000000000')");
			awaitLeft(with, (left) -> assertThat(left).extracting(Leak::toString)
				.containsExactly("marker rows 1 more in " + database + ".public.marker"));
			server.executeIn(database, "insert into marker values ('ff900000-0000-7000-8000-000000000000')");
			awaitLeft((left) -> assertThat(left).extracting(Leak::toString)
				.containsExactly("marker rows 1 that are never removed in " + database + ".public.marker"));
		}
		finally {
			server.dropDatabase(database);
		}
	}

	/**
	 * What is left stays; beside it there may be what is just going, such as the session
	 * of the last look.
	 */
	private void awaitLeft(Consumer<List<Leak>> expected) {
		awaitLeft(this.before, expected);
	}

	private static void awaitLeft(Footprint before, Consumer<List<Leak>> expected) {
		Awaitility.await().untilAsserted(() -> expected.accept(Footprint.now().since(before)));
	}

	private List<Leak> left() {
		return Footprint.now().since(this.before);
	}

}
