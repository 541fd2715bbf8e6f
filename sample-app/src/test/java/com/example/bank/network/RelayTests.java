package com.example.bank.network;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What of a conversation arrives, byte by byte, between a client and a server that are
 * played by the test.
 */
class RelayTests {

	private static final int PATIENCE = 60_000;

	private static final byte[] START = untyped(196608);

	private static final byte[] SSL_REQUEST = untyped(80877103);

	private static final byte[] READY = message('Z', "I");

	private static final byte[] COMMITTED = join(message('C', "COMMIT"), READY);

	private ServerSocket listener;

	private FaultProxy proxy;

	private Socket client;

	private Socket server;

	@BeforeEach
	void connect() throws IOException {
		this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		this.listener.setSoTimeout(PATIENCE);
		this.proxy = new FaultProxy(InetAddress.getLoopbackAddress().getHostAddress(), this.listener.getLocalPort());
		this.client = new Socket(FaultProxy.address(), this.proxy.port());
		this.client.setSoTimeout(PATIENCE);
		this.server = this.listener.accept();
		this.server.setSoTimeout(PATIENCE);
	}

	@AfterEach
	void close() throws IOException {
		this.proxy.close();
		this.client.close();
		this.server.close();
		this.listener.close();
	}

	@Test
	void losesTheRequestOfACommit() throws IOException {
		start();
		this.proxy.loseCommits(CommitLoss.REQUEST, 1);
		ask(message('Q', "insert"));
		answer(READY);
		tell(this.client, message('Q', "COMMIT"));
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
		assertThat(this.server.getInputStream().read()).as("nothing has arrived").isEqualTo(-1);
		assertThat(this.proxy.commitsToLose(CommitLoss.REQUEST)).isZero();
	}

	/**
	 * Of several requests that are under way it is the reply to the COMMIT that is lost.
	 */
	@Test
	void losesTheWholeReplyToACommitAndNoOther() throws IOException {
		start();
		this.proxy.loseCommits(CommitLoss.REPLY, 1);
		ask(join(message('Q', "insert"), message('Q', "COMMIT")));
		answer(join(message('C', "INSERT"), READY));
		tell(this.server, COMMITTED);
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void losesAPreparedCommitWithWhatTravelsWithIt() throws IOException {
		start();
		byte[] prepared = join(message('P', "S_1", "COMMIT", "\0"), message('S'));
		ask(prepared);
		answer(READY);
		this.proxy.loseCommits(CommitLoss.REQUEST, 1);
		tell(this.client, join(message('B', "", "S_1"), message('E', "", "\0\0\0"), message('S')));
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
		assertThat(this.server.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void losesAsManyAsPlannedAndNoRollback() throws IOException {
		start();
		this.proxy.loseCommits(CommitLoss.REPLY, 2);
		this.proxy.spareCommits(CommitLoss.REPLY);
		this.proxy.loseCommits(CommitLoss.REQUEST, 1);
		ask(message('Q', "ROLLBACK"));
		answer(READY);
		assertThat(this.proxy.commitsToLose(CommitLoss.REPLY)).isZero();
		assertThat(this.proxy.commitsToLose(CommitLoss.REQUEST)).isOne();
	}

	@Test
	void silenceSwallowsAndEndsWithAReset() throws IOException {
		start();
		this.proxy.silence();
		tell(this.client, message('Q', "select 1"));
		awaitSwallowed();
		this.proxy.heal();
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> this.client.getInputStream().read())
			.withMessageContaining("reset");
		assertThat(this.server.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void connectionOnWhichNothingWasSaidSurvivesASilence() throws IOException {
		start();
		this.proxy.silence();
		this.proxy.heal();
		ask(message('Q', "select 1"));
		answer(READY);
	}

	@Test
	void clientThatComesDuringASilenceIsResetAfterwards() throws IOException {
		this.proxy.silence();
		try (Socket late = new Socket(FaultProxy.address(), this.proxy.port())) {
			late.setSoTimeout(PATIENCE);
			tell(late, START);
			awaitSwallowed();
			this.proxy.heal();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> late.getInputStream().read());
		}
	}

	@Test
	void whatTheServerSaidBeforeItEndedTheSessionArrives() throws IOException {
		start();
		byte[] last = message('E', "SFATAL", "C57P01", "");
		tell(this.server, last);
		this.server.close();
		assertThat(this.client.getInputStream().readAllBytes()).isEqualTo(last);
	}

	@Test
	void readsOnIfTheServerHasNoEncryption() throws IOException {
		ask(SSL_REQUEST);
		answer(new byte[] { 'N' });
		start();
		assertThat(this.proxy.isEncrypted()).isFalse();
		this.proxy.loseCommits(CommitLoss.REQUEST, 1);
		tell(this.client, message('Q', "COMMIT"));
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void passesWhatIsEncryptedUnread(boolean asked) throws IOException {
		if (asked) {
			ask(SSL_REQUEST);
			answer(new byte[] { 'S' });
		}
		ask(new byte[] { 0x16, 3, 1 });
		answer(new byte[] { 0x16, 3, 3 });
		ask(new byte[] { 0x17, 3, 3 });
		answer(new byte[] { 0x17, 3, 3 });
		assertThat(this.proxy.isEncrypted()).isTrue();
	}

	@Test
	void passesTheRequestToCancelAndTheEnd() throws IOException {
		ask(untyped(80877102));
		this.server.close();
		assertThat(this.client.getInputStream().read()).isEqualTo(-1);
	}

	@Test
	void closeResetsAll() throws IOException {
		start();
		this.proxy.close();
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> this.client.getInputStream().read());
		assertThat(this.server.getInputStream().read()).isEqualTo(-1);
	}

	private void start() throws IOException {
		ask(START);
		answer(join(message('R', "\0\0\0"), READY));
	}

	private void ask(byte[] request) throws IOException {
		tell(this.client, request);
		assertThat(this.server.getInputStream().readNBytes(request.length)).isEqualTo(request);
	}

	private void answer(byte[] reply) throws IOException {
		tell(this.server, reply);
		assertThat(this.client.getInputStream().readNBytes(reply.length)).isEqualTo(reply);
	}

	private static void tell(Socket socket, byte[] bytes) throws IOException {
		socket.getOutputStream().write(bytes);
	}

	private void awaitSwallowed() {
		Awaitility.await().atMost(Duration.ofMillis(PATIENCE)).until(() -> this.proxy.swallowed() == 1);
	}

	private static byte[] untyped(int code) {
		return ByteBuffer.allocate(8).putInt(8).putInt(code).array();
	}

	private static byte[] message(char type, String... strings) {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (String string : strings) {
			body.writeBytes(string.getBytes(StandardCharsets.UTF_8));
			body.write(0);
		}
		return ByteBuffer.allocate(body.size() + 5)
			.put((byte) type)
			.putInt(body.size() + 4)
			.put(body.toByteArray())
			.array();
	}

	private static byte[] join(byte[]... parts) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			joined.writeBytes(part);
		}
		return joined.toByteArray();
	}

}
