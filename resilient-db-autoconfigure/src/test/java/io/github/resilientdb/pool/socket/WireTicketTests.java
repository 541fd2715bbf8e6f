package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link WireTicket} and {@link WireSocketFactory}.
 */
class WireTicketTests {

	@AfterEach
	void nothingIsLeftBehind() {
		// a pool of another test may be opening a connection at this moment
		Awaitility.await().untilAsserted(() -> assertThat(WireTicket.underWay()).isZero());
	}

	@Test
	void redeemsTheLatestSocket() throws Exception {
		try (WireTicket ticket = issue()) {
			WireSocketFactory factory = new WireSocketFactory(ticket.token());
			factory.createSocket().close();
			try (Socket latest = factory.createSocket()) {
				assertThat(ticket.redeem()).isSameAs(latest);
			}
		}
	}

	@Test
	void leavesTheRedeemedSocketOpenWithoutItsDeadline() throws Exception {
		WireSocket socket;
		try (WireTicket ticket = WireTicket.issue(System.nanoTime())) {
			new WireSocketFactory(ticket.token()).createSocket();
			socket = ticket.redeem();
		}
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); socket) {
			socket.connect(server.getLocalSocketAddress());
			assertThat(socket.isReadable()).isFalse();
		}
	}

	@Test
	void laterSocketsAreIndependent() throws Exception {
		WireTicket ticket = issue();
		WireSocketFactory factory = new WireSocketFactory(ticket.token());
		try (Socket connection = factory.createSocket()) {
			assertThat(ticket.redeem()).isSameAs(connection);
			ticket.close();
			try (Socket cancel = factory.createSocket()) {
				assertThat(cancel).isNotSameAs(connection);
			}
			assertThat(connection.isClosed()).isFalse();
		}
	}

	@Test
	void redeemsNothingIfTheDriverMadeNoSocket() {
		try (WireTicket ticket = issue()) {
			assertThat(ticket.redeem()).isNull();
		}
	}

	@Test
	void redeemsOnce() {
		try (WireTicket ticket = issue()) {
			ticket.redeem();
			assertThatIllegalStateException().isThrownBy(ticket::redeem);
		}
	}

	@Test
	void givingUpClosesTheSocketAndRefusesFurtherOnes() throws Exception {
		WireTicket ticket = issue();
		WireSocketFactory factory = new WireSocketFactory(ticket.token());
		Socket socket = factory.createSocket();
		ticket.close();
		assertThat(socket.isClosed()).isTrue();
		assertThatExceptionOfType(SocketException.class).isThrownBy(factory::createSocket);
		assertThatIllegalStateException().isThrownBy(ticket::redeem);
	}

	@Test
	void aTokenIsWorthNothingAfterwards() {
		WireTicket ticket = issue();
		ticket.close();
		assertThatIllegalArgumentException().isThrownBy(() -> new WireSocketFactory(ticket.token()));
		assertThatIllegalArgumentException().isThrownBy(() -> new WireSocketFactory("no token"));
	}

	@Test
	void createsConnectedSockets() throws Exception {
		InetAddress loopback = InetAddress.getLoopbackAddress();
		try (ServerSocket server = new ServerSocket(0, 5, loopback); WireTicket ticket = issue()) {
			WireSocketFactory factory = new WireSocketFactory(ticket.token());
			int port = server.getLocalPort();
			assertConnected(factory.createSocket(loopback, port));
			assertConnected(factory.createSocket(loopback, port, loopback, 0));
			assertConnected(factory.createSocket(loopback.getHostAddress(), port));
			assertConnected(factory.createSocket(loopback.getHostAddress(), port, loopback, 0));
		}
	}

	private static void assertConnected(Socket socket) throws IOException {
		try (socket) {
			assertThat(socket.isConnected()).isTrue();
		}
	}

	private static WireTicket issue() {
		return WireTicket.issue(System.nanoTime() + Duration.ofSeconds(10).toNanos());
	}

}
