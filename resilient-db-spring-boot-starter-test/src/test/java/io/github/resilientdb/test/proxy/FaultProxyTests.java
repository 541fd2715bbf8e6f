package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Who gets through at all. What happens to statements is tested with a real server, and
 * per reader.
 */
class FaultProxyTests {

	private static final int PATIENCE = 60_000;

	private ServerSocket server;

	private FaultProxy proxy;

	@BeforeEach
	void open() throws IOException {
		this.server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		this.server.setSoTimeout(PATIENCE);
		this.proxy = new FaultProxy("localhost", this.server.getLocalPort(), Encryption.NEVER, ClientSide.PLAIN);
	}

	@AfterEach
	void close() throws IOException {
		this.proxy.close();
		this.server.close();
	}

	@Test
	void carriesWhatBothSay() throws IOException {
		try (Socket client = connect(); Socket session = this.server.accept()) {
			converse(client, session);
			assertThat(this.proxy.openConnections()).isOne();
			assertThat(this.proxy.traffic().connections()).isOne();
		}
		Awaitility.await().until(() -> this.proxy.openConnections() == 0);
	}

	@Test
	void refusesNewConnectionsOnlyAndAcceptsAgainOnTheSamePort() throws IOException {
		try (Socket client = connect(); Socket session = this.server.accept()) {
			this.proxy.refuse();
			this.proxy.refuse();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
			converse(client, session);
		}
		this.proxy.accept();
		this.proxy.accept();
		try (Socket client = connect(); Socket session = this.server.accept()) {
			converse(client, session);
		}
	}

	@Test
	void resetsAClientWhileTheServerIsDown() throws IOException {
		this.server.close();
		try (Socket client = connect()) {
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read())
				.withMessageContaining("reset");
		}
	}

	@Test
	void tellsAClientThatTheServerDoesNotSupportTls() throws Exception {
		try (FaultProxy insisting = new FaultProxy("localhost", this.server.getLocalPort(), Encryption.REQUIRED,
				ClientSide.PLAIN); Socket client = connect(insisting); Socket session = this.server.accept()) {
			client.getOutputStream().write(Messages.sslRequest());
			client.getOutputStream().write(Messages.startUp());
			assertThat(session.getInputStream().readNBytes(8)).isEqualTo(Messages.sslRequest());
			session.getOutputStream().write('N');
			assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).startsWith("NE")
				.contains("SFATAL\0", "C08004\0",
						"Mthe server localhost:" + this.server.getLocalPort() + " does not support TLS");
		}
	}

	@Test
	void letsAClientInAndAnswersNothingUntilItIsHealed() throws IOException {
		this.proxy.blackHoleNewConnections();
		try (Socket client = connect()) {
			client.setSoTimeout(50);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.getInputStream().read());
			client.setSoTimeout(PATIENCE);
			this.proxy.heal();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read())
				.withMessageContaining("reset");
		}
		try (Socket client = connect(); Socket session = this.server.accept()) {
			converse(client, session);
		}
	}

	@Test
	void healAcceptsAgainAndDisarms() throws IOException {
		ArmedFault fault = this.proxy.arm(Fault.DROP_REQUEST, Statements.any(), 1);
		this.proxy.refuse();
		this.proxy.heal();
		assertThat(fault.isTaken()).isTrue();
		assertThat(fault.isFired()).isFalse();
		connect().close();
	}

	@Test
	void doesNotOpenAgainOnceClosed() {
		this.proxy.close();
		this.proxy.heal();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
		assertThat(Thread.getAllStackTraces().keySet())
			.noneMatch((thread) -> thread.getName().startsWith("fault-proxy-" + this.proxy.port()));
	}

	@Test
	void refusesALatencyThatIsNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.proxy.latency(Duration.ofMillis(-1)))
			.withMessageContaining("PT-0.001S");
	}

	private Socket connect() throws IOException {
		return connect(this.proxy);
	}

	private static Socket connect(FaultProxy proxy) throws IOException {
		Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), proxy.port());
		socket.setSoTimeout(PATIENCE);
		return socket;
	}

	private static void converse(Socket client, Socket session) throws IOException {
		session.setSoTimeout(PATIENCE);
		client.getOutputStream().write(Messages.cancelRequest());
		assertThat(session.getInputStream().readNBytes(16)).isEqualTo(Messages.cancelRequest());
		session.getOutputStream().write(Messages.ready());
		assertThat(client.getInputStream().readNBytes(7)).hasSize(7);
	}

}
