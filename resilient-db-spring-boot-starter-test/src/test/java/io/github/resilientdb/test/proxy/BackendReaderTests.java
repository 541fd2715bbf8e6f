package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.time.Duration;

import io.github.resilientdb.test.proxy.ProxiedConnection.PendingReply;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What of the server's replies reaches the client.
 */
class BackendReaderTests {

	private static final byte[] STARTED = Messages.join(Messages.message('R', "\0\0\0"), Messages.ready());

	private static final byte[] BEGUN = Messages.join(Messages.complete("BEGIN"), Messages.ready());

	private static final byte[] COMMITTED = Messages.join(Messages.complete("COMMIT"), Messages.ready());

	private final FakeSocket client = new FakeSocket();

	private final FakeSocket server = new FakeSocket();

	private final TrafficCounter traffic = new TrafficCounter();

	private final ProxiedConnection connection;

	BackendReaderTests() throws IOException {
		this.connection = new ProxiedConnection(this.client, this.server, "test", () -> 0, (name, task) -> {
			throw new AssertionError("No thread is needed without latency");
		}, (ended) -> {
		});
	}

	@Test
	void forwardsEverythingAsItIsAndThenTheEnd() throws IOException {
		run(STARTED, BEGUN);
		assertThat(this.client.told()).isEqualTo(Messages.join(STARTED, BEGUN));
		assertThat(this.client.isClosed()).isTrue();
		assertThat(this.client.isReset()).isFalse();
		assertThat(this.traffic.snapshot().fromServer('Z')).isEqualTo(2);
	}

	@Test
	void tellsTheClientThatTheServerWasReset() throws IOException {
		this.server.fails();
		run(STARTED);
		assertThat(this.client.told()).isEqualTo(STARTED);
		assertThat(this.client.isReset()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "DROP_RESPONSE,false", "LATE_REQUEST,false", "RESET_AFTER,true" })
	void losesOneReplyAndNothingBefore(Fault.Kind kind, boolean reset) throws IOException {
		ArmedFault fault = expect(new Fault(kind, Duration.ZERO, ""), 3);
		// the reply comes together with the one before, and in two pieces
		run(STARTED, Messages.join(BEGUN, Messages.complete("COMMIT")), Messages.ready());
		assertThat(this.client.told()).isEqualTo(Messages.join(STARTED, BEGUN));
		assertThat(this.client.isClosed()).isTrue();
		assertThat(this.client.isReset()).isEqualTo(reset);
		assertThat(this.server.isClosed()).isTrue();
		assertThat(this.server.isReset()).isFalse();
		assertThat(fault.isFired()).isTrue();
		fault.awaitAnswered(Duration.ZERO);
	}

	@Test
	void answerThatIsNotCompleteHasNotCome() throws IOException {
		ArmedFault fault = expect(Fault.DROP_RESPONSE, 2);
		run(STARTED, Messages.complete("COMMIT"));
		assertThat(this.client.told()).isEqualTo(STARTED);
		assertThat(fault.isFired()).isFalse();
	}

	@Test
	void deliversTheReplyWhenItIsReleased() throws IOException {
		ArmedFault fault = expect(Fault.HOLD, 2);
		fault.release();
		run(STARTED, Messages.complete("COMMIT"), Messages.ready(), BEGUN);
		assertThat(this.client.told()).isEqualTo(Messages.join(STARTED, COMMITTED, BEGUN));
		assertThat(this.connection.pendingReply()).isNull();
	}

	@Test
	void deliversNothingWhileItIsHeld() throws Exception {
		ArmedFault fault = expect(Fault.HOLD, 2);
		this.server.says(STARTED, COMMITTED);
		Thread thread = new Thread(new BackendReader(this.connection, this.traffic));
		thread.start();
		fault.awaitAnswered(Duration.ofMinutes(1));
		assertThat(this.client.told()).isEqualTo(STARTED);
		fault.release();
		thread.join();
		assertThat(this.client.told()).isEqualTo(Messages.join(STARTED, COMMITTED));
	}

	@Test
	void showsTheFailureOfTheSubstituteAndNothingElse() throws IOException {
		ArmedFault fault = expect(Fault.error("40001"), 2);
		run(STARTED, Messages.join(Messages.complete("ROLLBACK"), Messages.error("40001"), Messages.ready()), BEGUN);
		assertThat(this.client.told())
			.isEqualTo(Messages.join(STARTED, Messages.error("40001"), Messages.ready(), BEGUN));
		assertThat(fault.isFired()).isTrue();
	}

	@Test
	void showsThatTheServerEndedTheSession() throws IOException {
		ArmedFault fault = expect(Fault.END_SESSION, 2);
		run(STARTED, Messages.join(Messages.message('N', "SWARNING", ""), Messages.complete("ROLLBACK"),
				Messages.error("57P01")));
		assertThat(this.client.told()).isEqualTo(Messages.join(STARTED, Messages.error("57P01")));
		assertThat(this.client.isClosed()).isTrue();
		assertThat(fault.isFired()).isTrue();
	}

	@Test
	void readsOnIfTheServerHasNoEncryption() throws IOException {
		this.connection.encryptionRequested();
		ArmedFault fault = expect(Fault.DROP_RESPONSE, 2);
		run(new byte[] { 'N' }, STARTED, COMMITTED);
		assertThat(this.client.told()).isEqualTo(Messages.join(new byte[] { 'N' }, STARTED));
		assertThat(this.connection.isEncrypted()).isFalse();
		assertThat(fault.isFired()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "S", "G" })
	void passesWhatIsEncryptedUnread(char answer) throws IOException {
		this.connection.encryptionRequested();
		expect(Fault.DROP_RESPONSE, 1);
		run(new byte[] { (byte) answer }, COMMITTED, new byte[] { 1 });
		assertThat(this.client.told())
			.isEqualTo(Messages.join(new byte[] { (byte) answer }, COMMITTED, new byte[] { 1 }));
		assertThat(this.connection.isEncrypted()).isTrue();
	}

	private ArmedFault expect(Fault fault, int reply) {
		ArmedFault armed = ArmedFault.of(fault);
		this.connection.expectReply(new PendingReply(armed, reply));
		return armed;
	}

	private void run(byte[]... packets) throws IOException {
		this.server.says(packets);
		new BackendReader(this.connection, this.traffic).run();
	}

}
