package io.github.resilientdb.pool.socket;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.resilientdb.testsupport.NetworkDescriptors;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.ThreadKind.Running;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * More threads wait at once than there are selectors.
 */
class WaitingPlacesTests {

	private static final int MANY = 5 * WaitingPlaces.SELECTORS;

	private static final int MOST_SHARED = 2 * (WaitingPlaces.SELECTORS + 1);

	private final List<WireSocket> clients = new ArrayList<>();

	private final List<Socket> peers = new ArrayList<>();

	private NetworkDescriptors before;

	/**
	 * The JDK opens descriptors of its own when virtual threads first wait for a
	 * selector.
	 */
	@BeforeAll
	static void letTheJdkOpenItsOwn() throws Exception {
		for (ThreadKind kind : kinds().toList()) {
			WaitingPlacesTests tests = new WaitingPlacesTests();
			tests.connect();
			List<Running<Integer>> running = tests.readAll(kind);
			for (WireSocket client : tests.clients) {
				client.close();
			}
			for (Socket peer : tests.peers) {
				peer.close();
			}
			Awaitility.await().until(() -> running.stream().allMatch((each) -> each.future().isDone()));
		}
	}

	@BeforeEach
	void connect() throws Exception {
		assumeThat(NetworkDescriptors.areKnown()).isTrue();
		this.before = NetworkDescriptors.now();
		try (ServerSocket server = new ServerSocket(0, MANY, InetAddress.getLoopbackAddress())) {
			for (int i = 0; i < MANY; i++) {
				WireSocket client = new WireSocket();
				this.clients.add(client);
				client.connect(server.getLocalSocketAddress());
				this.peers.add(server.accept());
			}
		}
	}

	@AfterEach
	void nothingIsLeft() throws Exception {
		for (WireSocket client : this.clients) {
			client.close();
		}
		for (Socket peer : this.peers) {
			peer.close();
		}
		Awaitility.await()
			.untilAsserted(() -> assertThat(NetworkDescriptors.now().since(this.before)).isLessThanOrEqualTo(0));
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("resilientdb-poller")));
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void allAreAnsweredOverAndOver(ThreadKind kind) throws Exception {
		int rounds = 100;
		List<Running<Integer>> echoes = new ArrayList<>();
		for (Socket peer : this.peers) {
			echoes.add(ThreadKind.PLATFORM.start(() -> echo(peer, rounds)));
		}
		List<Running<Integer>> running = new ArrayList<>();
		for (WireSocket client : this.clients) {
			running.add(kind.start(() -> ask(client, rounds)));
		}
		for (Running<Integer> each : running) {
			assertThat(each.result()).isEqualTo(rounds);
		}
		for (Running<Integer> each : echoes) {
			assertThat(each.result()).isEqualTo(rounds);
		}
	}

	private static int echo(Socket peer, int rounds) throws Exception {
		int i = 0;
		while (i < rounds) {
			int read = peer.getInputStream().read();
			Thread.yield();
			peer.getOutputStream().write(read);
			i++;
		}
		return i;
	}

	private static int ask(WireSocket client, int rounds) throws Exception {
		InputStream input = client.getInputStream();
		OutputStream output = client.getOutputStream();
		int i = 0;
		while (i < rounds) {
			output.write(i);
			assertThat(input.read()).isEqualTo(i);
			i++;
		}
		return i;
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void thoseWhoWaitShareAFewDescriptors(ThreadKind kind) throws Exception {
		List<Running<Integer>> running = readAll(kind);
		assertThat(NetworkDescriptors.now().since(this.before)).isLessThanOrEqualTo(2 * MANY + MOST_SHARED);
		for (Running<Integer> each : running) {
			each.thread().interrupt();
		}
		for (Socket peer : this.peers) {
			peer.getOutputStream().write(7);
		}
		for (Running<Integer> each : running) {
			assertThat(each.result()).isEqualTo(7);
		}
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void closingEndsAllWaits(ThreadKind kind) throws Exception {
		List<Running<Integer>> running = readAll(kind);
		this.clients.forEach(WireSocket::closeNow);
		for (Running<Integer> each : running) {
			assertThat(each.result()).isEqualTo(-2);
		}
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void deadlinesEndAllWaits(ThreadKind kind) throws Exception {
		List<Running<Integer>> running = readAll(kind);
		long deadline = System.nanoTime() + Duration.ofMillis(100).toNanos();
		this.clients.forEach((client) -> client.deadline(deadline));
		for (Running<Integer> each : running) {
			assertThat(each.result()).isEqualTo(-3);
		}
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void whatIdleOnesReceiveDisturbsNobody(ThreadKind kind) throws Exception {
		for (int i = 0; i < MANY; i++) {
			this.peers.get(i).getOutputStream().write(1);
			assertThat(this.clients.get(i).getInputStream().read()).isOne();
		}
		Running<Integer> last = kind.start(() -> read(this.clients.get(MANY - 1)));
		awaitWaiting(last.thread());
		for (int i = 0; i < MANY; i++) {
			this.peers.get(i).getOutputStream().write(2);
		}
		assertThat(last.result()).isEqualTo(2);
		for (int i = 0; i < MANY - 1; i++) {
			WireSocket client = this.clients.get(i);
			Awaitility.await().until(client::isReadable);
			assertThat(client.getInputStream().available()).isOne();
			assertThat(client.getInputStream().read()).isEqualTo(2);
			assertThat(client.isReadable()).isFalse();
		}
	}

	private List<Running<Integer>> readAll(ThreadKind kind) {
		List<Running<Integer>> running = new ArrayList<>();
		for (WireSocket client : this.clients) {
			running.add(kind.start(() -> read(client)));
		}
		running.forEach((each) -> awaitWaiting(each.thread()));
		return running;
	}

	private static int read(WireSocket client) throws Exception {
		try {
			return client.getInputStream().read();
		}
		catch (SocketTimeoutException ex) {
			return -3;
		}
		catch (SocketException ex) {
			return -2;
		}
	}

	private static void awaitWaiting(Thread thread) {
		Awaitility.await()
			.until(() -> Stream.of(thread.getStackTrace())
				.anyMatch((frame) -> frame.getClassName().equals(Readiness.class.getName())));
	}

	static Stream<ThreadKind> kinds() {
		return ThreadKind.available();
	}

}
