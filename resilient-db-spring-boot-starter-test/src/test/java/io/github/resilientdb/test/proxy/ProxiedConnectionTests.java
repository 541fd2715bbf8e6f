package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProxiedConnectionTests {

	private final List<ProxiedConnection> ended = new ArrayList<>();

	@Test
	void closesBothSidesWhenBothHaveEndedWithoutLearningOfEachOther() throws IOException {
		try (ServerSocket listener = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
				Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
				Socket clientEnd = listener.accept()) {
			ProxiedConnection connection = ProxiedConnection.open(client,
					new ServerAddress("localhost", listener.getLocalPort(), Encryption.NEVER), "test", () -> 0,
					(name, task) -> {
					}, this.ended::add);
			try (Socket serverEnd = listener.accept()) {
				serverEnd.setSoTimeout(20_000);
				clientEnd.setSoTimeout(20_000);
				connection.loseReplies();
				connection.clientEnded(false);
				assertThat(client.isClosed()).isFalse();
				connection.serverEnded(false);
				assertThat(client.isClosed()).isTrue();
				assertThat(serverEnd.getInputStream().read()).isEqualTo(-1);
				assertThat(this.ended).containsExactly(connection);
			}
		}
	}

}
