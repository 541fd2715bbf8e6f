package io.github.resilientdb.pool.guard;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.pool.socket.WireSocket;
import io.github.resilientdb.testsupport.FakeDatabase;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import io.github.resilientdb.watchdog.Servers.Reached;
import io.github.resilientdb.watchdog.Servers.Silent;
import io.github.resilientdb.watchdog.Servers.Visit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SilenceWatch}.
 */
class SilenceWatchTests {

	private final TestRegistry registry = new TestRegistry();

	private final FakeCommits commits = new FakeCommits();

	private final List<GuardedConnection> connections = new CopyOnWriteArrayList<>();

	private final List<String> visited = new CopyOnWriteArrayList<>();

	private final List<Socket> sockets = new ArrayList<>();

	private final SilenceWatch watch = new SilenceWatch(() -> "silence", Duration.ofMillis(50),
			(address, patience, deadline) -> visit(address), this.connections);

	private volatile boolean silent;

	private ServerSocket server;

	private Line line;

	@BeforeEach
	void open() throws Exception {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.line = line("one");
	}

	@AfterEach
	void close() throws IOException {
		this.watch.close();
		this.registry.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.server.close();
		Awaitility.await().until(() -> threads() == 0);
	}

	private Visit visit(String address) {
		this.visited.add(address);
		return this.silent ? new Silent() : new Reached(new FakeDatabase().getConnection(), () -> {
		});
	}

	private Line line(String address) throws Exception {
		WireSocket wire = new WireSocket();
		wire.connect(this.server.getLocalSocketAddress(), 20_000);
		Socket peer = this.server.accept();
		this.sockets.add(wire);
		this.sockets.add(peer);
		GuardedConnection connection = this.registry.open(this.commits, wire, address);
		this.connections.add(connection);
		this.watch.watch(connection, wire);
		return new Line(wire, peer, connection);
	}

	@ParameterizedTest
	@CsvSource({ "GONE, its server process is gone, false", "SUPERSEDED, the cluster has a new primary, false",
			"WAITING, its server process waits for us, true" })
	void aWaitForNothingEnds(BackendState state, String reason, boolean ended) throws Exception {
		this.commits.backend(state);
		assertThat(this.line.read().result()).isEqualTo("No answer, and " + reason);
		assertThat(this.visited).containsOnly("one");
		assertThat(this.commits.calls()).isEqualTo(ended ? List.of("end") : List.of());
	}

	@ParameterizedTest
	@CsvSource({ "WORKING", "ELSEWHERE", "UNIDENTIFIED" })
	void whoeverMayBeAnsweredIsLeftAlone(BackendState state) throws Exception {
		this.commits.backend(state);
		Running<String> reading = this.line.read();
		Awaitility.await().until(() -> !this.visited.isEmpty());
		this.line.peer.getOutputStream().write(7);
		assertThat(reading.result()).isEqualTo("7");
		assertThat(this.line.wire.isClosed()).isFalse();
		Awaitility.await().until(() -> threads() == 0);
	}

	@Test
	void thoseOnTheSameSilentServerAreNotToFindOutForThemselves() throws Exception {
		this.silent = true;
		Line same = line("one");
		Line other = line("two");
		assertThat(this.line.read().result()).isEqualTo("No answer, and its server can't be reached");
		assertThat(this.visited).containsOnly("one").hasSizeGreaterThanOrEqualTo(3);
		assertThat(same.wire.isClosed()).isTrue();
		assertThat(same.connection.session().isLost()).isTrue();
		assertThat(other.wire.isClosed()).isFalse();
		assertThat(other.connection.session().isLost()).isFalse();
	}

	@Test
	void nobodyIsLookedIntoAnyMoreOnceItIsClosed() throws Exception {
		this.commits.backend(BackendState.GONE);
		this.watch.close();
		Running<String> reading = this.line.read();
		Awaitility.await().pollDelay(Duration.ofMillis(200)).until(() -> this.visited.isEmpty());
		this.line.peer.getOutputStream().write(7);
		assertThat(reading.result()).isEqualTo("7");
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("silence watchdog"))
			.count();
	}

	/**
	 * A connection, and the server's end of it.
	 */
	private record Line(WireSocket wire, Socket peer, GuardedConnection connection) {

		/**
		 * Wait for an answer, and return it, or why there is none.
		 */
		Running<String> read() {
			return ThreadKind.PLATFORM.start(() -> {
				try {
					return Integer.toString(this.wire.getInputStream().read());
				}
				catch (IOException ex) {
					return (ex.getCause() != null) ? ex.getCause().getMessage() : ex.getMessage();
				}
			});
		}

	}

}
