package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

import io.github.resilientdb.testsupport.Ports;
import io.github.resilientdb.testsupport.ThreadKind;
import io.github.resilientdb.testsupport.UnresponsivePort;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link WireSocket}.
 */
class WireSocketTests {

	// what a machine that is busy adds
	private static final Duration LATE = Duration.ofSeconds(4);

	private ServerSocket server;

	private WireSocket client;

	private Socket peer;

	@BeforeEach
	void connect() throws Exception {
		this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		this.client = new WireSocket();
		this.client.connect(this.server.getLocalSocketAddress(), 20_000);
		this.peer = this.server.accept();
	}

	@AfterEach
	void close() throws Exception {
		this.client.close();
		this.peer.close();
		this.server.close();
	}

	@Test
	void isNotReadableWhileThePeerIsSilent() {
		assertThat(this.client.isReadable()).isFalse();
		assertThat(this.client.isReadable()).isFalse();
	}

	@Test
	void isReadableUntilTheBytesAreRead() throws Exception {
		this.peer.getOutputStream().write(7);
		await().until(this.client::isReadable);
		assertThat(this.client.isReadable()).isTrue();
		assertThat(this.client.getInputStream().available()).isOne();
		assertThat(this.client.getInputStream().read()).isEqualTo(7);
		assertThat(this.client.isReadable()).isFalse();
	}

	@Test
	void isReadableAfterThePeerClosed() throws Exception {
		this.peer.close();
		await().until(this.client::isReadable);
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
		assertThat(this.client.isReadable()).isTrue();
	}

	@Test
	void isReadableAfterThePeerReset() throws Exception {
		reset();
		await().until(this.client::isReadable);
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> this.client.getInputStream().read())
			.withMessageContaining("reset");
		assertThat(this.client.isReadable()).isTrue();
	}

	@Test
	void isReadableOnceClosed() throws Exception {
		this.client.closeNow();
		assertThat(this.client.isReadable()).isTrue();
		assertThat(this.client.isClosed()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void looksWhileInterrupted(ThreadKind kind) throws Exception {
		assertThat(kind.call(() -> {
			Thread.currentThread().interrupt();
			return !this.client.isReadable() && Thread.currentThread().isInterrupted();
		})).isTrue();
	}

	@Test
	void transfersLargeDataBothWays() throws Exception {
		byte[] data = new byte[5_000_000];
		new Random(1).nextBytes(data);
		ThreadKind.Running<byte[]> received = ThreadKind.PLATFORM
			.start(() -> this.peer.getInputStream().readNBytes(data.length));
		this.client.getOutputStream().write(data);
		assertThat(received.result()).isEqualTo(data);
		ThreadKind.Running<Void> sent = ThreadKind.PLATFORM.start(() -> {
			this.peer.getOutputStream().write(data);
			this.peer.shutdownOutput();
			return null;
		});
		assertThat(this.client.getInputStream().readAllBytes()).isEqualTo(data);
		sent.result();
	}

	@Test
	void writesWhileAnotherThreadReads() throws Exception {
		ThreadKind.Running<Integer> reader = ThreadKind.PLATFORM.start(() -> this.client.getInputStream().read());
		awaitBlocked(reader.thread());
		byte[] data = new byte[8_000_000];
		ThreadKind.Running<byte[]> received = ThreadKind.PLATFORM
			.start(() -> this.peer.getInputStream().readNBytes(data.length));
		this.client.getOutputStream().write(data);
		assertThat(received.result()).hasSize(data.length);
		this.peer.getOutputStream().write(3);
		assertThat(reader.result()).isEqualTo(3);
	}

	@Test
	void readTimeoutLeavesTheSocketUsable() throws Exception {
		for (int timeout : new int[] { 1, 50, 1 }) {
			this.client.setSoTimeout(timeout);
			assertThat(this.client.getSoTimeout()).isEqualTo(timeout);
			long start = System.nanoTime();
			assertThatExceptionOfType(SocketTimeoutException.class)
				.isThrownBy(() -> this.client.getInputStream().read());
			assertElapsed(start, Duration.ofMillis(timeout));
			this.client.setSoTimeout(0);
			this.peer.getOutputStream().write(timeout);
			assertThat(this.client.getInputStream().read()).isEqualTo(timeout);
		}
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void readTimeoutIsExactAndHarmlessWhileInterrupted(ThreadKind kind) throws Exception {
		this.client.setSoTimeout(60);
		boolean interrupted = kind.call(() -> {
			Thread.currentThread().interrupt();
			long start = System.nanoTime();
			assertThatExceptionOfType(SocketTimeoutException.class)
				.isThrownBy(() -> this.client.getInputStream().read());
			assertElapsed(start, Duration.ofMillis(60));
			return Thread.currentThread().isInterrupted();
		});
		assertThat(interrupted).isTrue();
		this.peer.getOutputStream().write(5);
		assertThat(this.client.getInputStream().read()).isEqualTo(5);
	}

	@Test
	void readEndsAtTheDeadlineAndTheSocketIsClosed() throws Exception {
		long start = System.nanoTime();
		this.client.setSoTimeout(5000);
		this.client.deadline(start + Duration.ofMillis(100).toNanos());
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.client.getInputStream().read());
		assertElapsed(start, Duration.ofMillis(100));
		assertThat(this.client.isClosed()).isTrue();
		assertThat(this.peer.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void afterTheDeadlineItIsAClosedSocket() throws Exception {
		InputStream input = this.client.getInputStream();
		OutputStream output = this.client.getOutputStream();
		this.client.deadline(System.nanoTime());
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(input::read);
		assertThatExceptionOfType(SocketException.class).isThrownBy(input::read)
			.withCauseInstanceOf(SocketTimeoutException.class);
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> output.write(1))
			.withCauseInstanceOf(SocketTimeoutException.class);
	}

	@Test
	void writeEndsAtTheDeadline() throws Exception {
		long start = System.nanoTime();
		this.client.deadline(start + Duration.ofMillis(200).toNanos());
		assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> this.client.getOutputStream().write(new byte[50_000_000]));
		assertElapsed(start, Duration.ofMillis(200));
	}

	@Test
	void aSteadyTrickleDoesNotOutliveTheDeadline() throws Exception {
		ThreadKind.Running<Void> trickle = ThreadKind.PLATFORM.start(() -> {
			byte[] chunk = new byte[100_000];
			while (true) {
				this.peer.getOutputStream().write(chunk);
			}
		});
		long start = System.nanoTime();
		this.client.deadline(start + Duration.ofMillis(200).toNanos());
		assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> this.client.getInputStream().readAllBytes());
		assertElapsed(start, Duration.ofMillis(200));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(trickle::result);
	}

	@Test
	void aDeadlineSetByAnotherThreadEndsTheReadUnderWay() throws Exception {
		ThreadKind.Running<Integer> reader = ThreadKind.PLATFORM.start(() -> this.client.getInputStream().read());
		awaitBlocked(reader.thread());
		long start = System.nanoTime();
		this.client.deadline(start + Duration.ofMillis(50).toNanos());
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(reader::result)
			.withCauseInstanceOf(SocketTimeoutException.class);
		assertElapsed(start, Duration.ofMillis(50));
	}

	@Test
	void aClearedDeadlineIsForgotten() throws Exception {
		this.client.deadline(System.nanoTime() + Duration.ofMillis(20).toNanos());
		this.client.clearDeadline();
		this.client.setSoTimeout(60);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> this.client.getInputStream().read());
		this.peer.getOutputStream().write(1);
		assertThat(this.client.getInputStream().read()).isOne();
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void closeNowEndsAReadUnderWay(ThreadKind kind) throws Exception {
		ThreadKind.Running<Integer> reader = kind.start(() -> this.client.getInputStream().read());
		awaitBlocked(reader.thread());
		this.client.closeNow();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(reader::result)
			.withCauseInstanceOf(SocketException.class);
		assertThat(this.peer.getInputStream().read()).isEqualTo(-1);
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void closeNowEndsAWriteUnderWay(ThreadKind kind) throws Exception {
		ThreadKind.Running<Void> writer = kind.start(() -> {
			this.client.getOutputStream().write(new byte[50_000_000]);
			return null;
		});
		awaitBlocked(writer.thread());
		this.client.closeNow();
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(writer::result)
			.withCauseInstanceOf(SocketException.class);
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void anInterruptSetBeforehandChangesNothing(ThreadKind kind) throws Exception {
		ThreadKind.Running<byte[]> received = ThreadKind.PLATFORM
			.start(() -> this.peer.getInputStream().readNBytes(8_000_000));
		ThreadKind.Running<Boolean> running = kind.start(() -> {
			Thread.currentThread().interrupt();
			this.client.getOutputStream().write(new byte[8_000_000]);
			return this.client.getInputStream().read() == 9 && Thread.currentThread().isInterrupted();
		});
		received.result();
		awaitBlocked(running.thread());
		this.peer.getOutputStream().write(9);
		assertThat(running.result()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void interruptsDuringAReadChangeNothing(ThreadKind kind) throws Exception {
		ThreadKind.Running<Boolean> running = kind
			.start(() -> this.client.getInputStream().read() == 4 && Thread.currentThread().isInterrupted());
		for (int i = 0; i < 3; i++) {
			awaitBlocked(running.thread());
			running.thread().interrupt();
		}
		awaitBlocked(running.thread());
		assertThat(running.future()).isNotDone();
		this.peer.getOutputStream().write(4);
		assertThat(running.result()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void connectsWhileInterrupted(ThreadKind kind) throws Exception {
		assertThat(kind.call(() -> {
			Thread.currentThread().interrupt();
			try (WireSocket socket = new WireSocket()) {
				socket.connect(this.server.getLocalSocketAddress(), 20_000);
				return socket.isConnected() && Thread.currentThread().isInterrupted();
			}
		})).isTrue();
	}

	@ParameterizedTest
	@MethodSource("kinds")
	void connectTimesOutWhileInterrupted(ThreadKind kind) throws Exception {
		try (UnresponsivePort port = new UnresponsivePort(); WireSocket socket = new WireSocket()) {
			boolean interrupted = kind.call(() -> {
				Thread.currentThread().interrupt();
				long start = System.nanoTime();
				assertThatExceptionOfType(SocketTimeoutException.class)
					.isThrownBy(() -> socket.connect(port.address(), 100));
				assertElapsed(start, Duration.ofMillis(100));
				return Thread.currentThread().isInterrupted();
			});
			assertThat(interrupted).isTrue();
			assertThat(socket.isClosed()).isTrue();
		}
	}

	@Test
	void connectEndsAtTheDeadline() throws Exception {
		try (UnresponsivePort port = new UnresponsivePort(); WireSocket socket = new WireSocket()) {
			long start = System.nanoTime();
			socket.deadline(start + Duration.ofMillis(100).toNanos());
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> socket.connect(port.address(), 0));
			assertElapsed(start, Duration.ofMillis(100));
		}
	}

	@Test
	void closeNowEndsAConnectUnderWay() throws Exception {
		try (UnresponsivePort port = new UnresponsivePort(); WireSocket socket = new WireSocket()) {
			ThreadKind.Running<Void> running = ThreadKind.PLATFORM.start(() -> {
				socket.connect(port.address(), 0);
				return null;
			});
			awaitBlocked(running.thread());
			socket.closeNow();
			assertThatExceptionOfType(ExecutionException.class).isThrownBy(running::result)
				.withCauseInstanceOf(SocketException.class);
		}
	}

	@Test
	void failsLikeAPlainSocketWhenRefused() throws Exception {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free());
		try (WireSocket socket = new WireSocket()) {
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> socket.connect(address, 20_000))
				.withMessageContaining("refused");
			assertThat(socket.isConnected()).isFalse();
		}
	}

	@Test
	void failsLikeAPlainSocketWhenTheHostIsUnknown() throws Exception {
		try (WireSocket socket = new WireSocket()) {
			assertThatExceptionOfType(UnknownHostException.class)
				.isThrownBy(() -> socket.connect(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
		}
	}

	@Test
	void keepsOptionsAndAddresses() throws Exception {
		this.client.setTcpNoDelay(true);
		this.client.setKeepAlive(true);
		this.client.setSendBufferSize(65536);
		this.client.setReceiveBufferSize(65536);
		this.client.setSoLinger(true, 3);
		this.client.setTrafficClass(8);
		this.client.setReuseAddress(true);
		assertThat(this.client.getTcpNoDelay()).isTrue();
		assertThat(this.client.getKeepAlive()).isTrue();
		assertThat(this.client.getSendBufferSize()).isGreaterThanOrEqualTo(65536);
		assertThat(this.client.getReceiveBufferSize()).isGreaterThanOrEqualTo(65536);
		assertThat(this.client.getSoLinger()).isEqualTo(3);
		this.client.setSoLinger(false, 0);
		assertThat(this.client.getSoLinger()).isEqualTo(-1);
		assertThat(this.client.getTrafficClass()).isEqualTo(8);
		assertThat(this.client.getReuseAddress()).isTrue();
		assertThat(this.client.supportedOptions()).contains(StandardSocketOptions.TCP_NODELAY);
		assertThat(this.client.setOption(StandardSocketOptions.TCP_NODELAY, false)
			.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
		assertThat(this.client.getPort()).isEqualTo(this.server.getLocalPort());
		assertThat(this.client.getInetAddress()).isEqualTo(this.server.getInetAddress());
		assertThat(this.client.getLocalPort()).isEqualTo(this.peer.getPort());
		assertThat(this.client.getLocalAddress()).isEqualTo(this.peer.getInetAddress());
		assertThat(this.client.toString()).contains(String.valueOf(this.server.getLocalPort()));
		assertThat(this.client.isConnected()).isTrue();
		assertThat(this.client.isBound()).isTrue();
	}

	@Test
	void bindsToALocalAddress() throws Exception {
		try (WireSocket socket = new WireSocket()) {
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			int port = socket.getLocalPort();
			socket.connect(this.server.getLocalSocketAddress());
			assertThat(socket.getLocalPort()).isEqualTo(port).isPositive();
		}
	}

	@Test
	void halfCloses() throws Exception {
		this.client.shutdownOutput();
		assertThat(this.peer.getInputStream().read()).isEqualTo(-1);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.client.getOutputStream());
		this.peer.getOutputStream().write(1);
		assertThat(this.client.getInputStream().read()).isOne();
		this.client.shutdownInput();
		assertThat(this.client.isInputShutdown()).isTrue();
		assertThat(this.client.isOutputShutdown()).isTrue();
	}

	@Test
	void hasNothingToReadOnceTheInputIsShutDown() throws Exception {
		InputStream input = this.client.getInputStream();
		this.peer.getOutputStream().write(1);
		await().until(this.client::isReadable);
		this.client.shutdownInput();
		assertThat(input.available()).isZero();
	}

	@Test
	void closesOnceAndForAll() throws Exception {
		InputStream input = this.client.getInputStream();
		input.close();
		assertThat(this.client.isClosed()).isTrue();
		assertThatNoException().isThrownBy(() -> this.client.close());
		assertThatNoException().isThrownBy(() -> this.client.closeNow());
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> this.client.setSoTimeout(1));
		assertThatExceptionOfType(SocketException.class).isThrownBy(input::read);
		assertThatExceptionOfType(SocketException.class).isThrownBy(input::available);
	}

	@Test
	void writingToAResetConnectionFailsLikeAPlainSocket() throws Exception {
		reset();
		await().until(this.client::isReadable);
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
			this.client.getOutputStream().write(1);
			this.client.getOutputStream().write(1);
		});
	}

	@Test
	void leavesNoDescriptorOpen() throws Exception {
		assumeThat(Path.of("/proc/self/fd")).exists();
		long before = descriptors();
		for (int i = 0; i < 100; i++) {
			WireSocket unused = new WireSocket();
			unused.close();
			try (WireSocket socket = new WireSocket()) {
				socket.connect(this.server.getLocalSocketAddress());
				this.server.accept().close();
				if (i % 2 == 0) {
					socket.closeNow();
				}
			}
		}
		Awaitility.await().untilAsserted(() -> assertThat(descriptors()).isLessThan(before + 20));
	}

	static Stream<ThreadKind> kinds() {
		return ThreadKind.available();
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> entries = Files.list(Path.of("/proc/self/fd"))) {
			return entries.count();
		}
	}

	private void reset() throws IOException {
		this.peer.setSoLinger(true, 0);
		this.peer.close();
	}

	// inside the selector, whatever the JDK calls the state
	private static void awaitBlocked(Thread thread) {
		await().until(() -> Arrays.stream(thread.getStackTrace())
			.anyMatch((frame) -> frame.getClassName().equals(Readiness.class.getName())));
	}

	private static void assertElapsed(long start, Duration expected) {
		Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
		assertThat(elapsed).isBetween(expected, expected.plus(LATE));
	}

}
