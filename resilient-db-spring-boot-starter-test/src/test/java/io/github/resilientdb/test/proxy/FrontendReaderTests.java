package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What of a client's requests reaches the server.
 */
class FrontendReaderTests {

	private static final Predicate<String> COMMIT = Statements.commit();

	private final FakeSocket client = new FakeSocket();

	private final FakeSocket server = new FakeSocket();

	private final TrafficCounter traffic = new TrafficCounter();

	private final ArmedFaults faults = new ArmedFaults();

	private final List<List<String>> requests = new ArrayList<>();

	private @Nullable ArmedFault observed;

	private ProxiedConnection connection;

	FrontendReaderTests() throws IOException {
		this.connection = new ProxiedConnection(this.client, this.server, "test", () -> 0, (name, task) -> {
			throw new AssertionError("No thread is needed without latency");
		}, (ended) -> {
		});
	}

	@Test
	void forwardsEverythingAsItIsAndThenTheEnd() throws IOException {
		byte[] all = Messages.join(Messages.startUp(), Messages.message('p', "secret"),
				Messages.prepare("S_1", "select 1"), Messages.executePrepared("S_1"), Messages.message('X'));
		run(all);
		assertThat(this.server.told()).isEqualTo(all);
		assertThat(this.server.isClosed()).isTrue();
		assertThat(this.server.isReset()).isFalse();
	}

	@Test
	void forwardsMessagesThatCameInPiecesWhole() throws IOException {
		byte[] all = Messages.join(Messages.startUp(), Messages.query("select 1"));
		byte[][] bytes = new byte[all.length][];
		for (int i = 0; i < all.length; i++) {
			bytes[i] = new byte[] { all[i] };
		}
		run(bytes);
		assertThat(this.server.told()).isEqualTo(all);
		assertThat(this.requests).containsExactly(List.of("select 1"));
	}

	@Test
	void tellsTheServerThatTheClientWasReset() throws IOException {
		this.client.fails();
		run(Messages.startUp());
		assertThat(this.server.isReset()).isTrue();
	}

	@Test
	void losesTheWholeBatchAndNothingBefore() throws IOException {
		ArmedFault fault = this.faults.arm(Fault.DROP_REQUEST, COMMIT, 1);
		byte[] before = Messages.join(Messages.startUp(), Messages.prepare("S_1", "commit"), Messages.message('S'),
				Messages.query("insert"));
		run(before, Messages.executePrepared("S_1"), Messages.query("select 1"));
		assertThat(this.server.told()).isEqualTo(before);
		assertThat(this.client.isClosed()).isTrue();
		assertThat(this.client.isReset()).isFalse();
		assertThat(this.server.isClosed()).isTrue();
		assertThat(fault.isFired()).isTrue();
	}

	/**
	 * Autocommit is off, and the statements of one request end with COMMIT: none arrives.
	 */
	@Test
	void losesTheStatementsThatTravelWithIt() throws IOException {
		this.faults.arm(Fault.DROP_REQUEST, COMMIT, 1);
		run(Messages.startUp(),
				Messages.join(Messages.prepare("", "insert"), Messages.message('B', "", "", "\0\0\0\0\0"),
						Messages.message('E', "", "\0\0\0"), Messages.prepare("", "COMMIT"),
						Messages.message('B', "", "", "\0\0\0\0\0"), Messages.message('E', "", "\0\0\0"),
						Messages.message('S')));
		assertThat(this.server.told()).isEqualTo(Messages.startUp());
		assertThat(this.requests).containsExactly(List.of("insert", "COMMIT"));
	}

	@Test
	void leavesTheServerOpen() throws IOException {
		ArmedFault fault = this.faults.arm(Fault.DROP_REQUEST_SERVER_OPEN, COMMIT, 1);
		run(Messages.startUp(), Messages.query("commit"));
		assertThat(this.server.told()).isEqualTo(Messages.startUp());
		assertThat(this.client.isClosed()).isTrue();
		assertThat(this.server.isClosed()).isFalse();
		assertThat(fault.isFired()).isTrue();
	}

	@Test
	void deliversTheRequestThatIsTheLastOne() throws IOException {
		ArmedFault fault = this.faults.arm(Fault.BLACK_HOLE_AFTER, COMMIT, 1);
		run(Messages.startUp(), Messages.query("commit"), Messages.query("select 1"));
		assertThat(this.server.told()).isEqualTo(Messages.join(Messages.startUp(), Messages.query("commit")));
		assertThat(this.client.isClosed()).isFalse();
		assertThat(this.server.isClosed()).isFalse();
		assertThat(this.connection.toClient().isSwallowing()).isTrue();
		assertThat(fault.isFired()).isTrue();
	}

	@Test
	void deliversTheRequestWhenTheClientIsGone() throws IOException {
		ArmedFault fault = this.faults.arm(Fault.lateRequest(Duration.ofMillis(1)), COMMIT, 1);
		run(Messages.startUp(), Messages.query("commit"));
		assertThat(this.server.told()).isEqualTo(Messages.join(Messages.startUp(), Messages.query("commit")));
		assertThat(this.client.isClosed()).isTrue();
		assertThat(this.server.isClosed()).isFalse();
		assertThat(fault.isFired()).isTrue();
		assertThat(pendingReply()).isEqualTo(2);
	}

	@Test
	void asksTheServerToFailInstead() throws IOException {
		Fault error = Fault.error("40001");
		this.faults.arm(error, COMMIT, 1);
		run(Messages.startUp(), Messages.query("commit"), Messages.query("select 1"));
		assertThat(this.server.told()).isEqualTo(
				Messages.join(Messages.startUp(), Substitute.of(error, List.of("commit")), Messages.query("select 1")));
		assertThat(pendingReply()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void holdsTheRequestOrItsReply(boolean request) throws IOException {
		ArmedFault fault = this.faults.arm(request ? Fault.HOLD_REQUEST : Fault.HOLD, COMMIT, 1);
		fault.release();
		run(Messages.startUp(), Messages.query("commit"), Messages.query("select 1"));
		assertThat(this.server.told())
			.isEqualTo(Messages.join(Messages.startUp(), Messages.query("commit"), Messages.query("select 1")));
		assertThat(fault.isFired()).isTrue();
		assertThat(this.connection.pendingReply() != null).isNotEqualTo(request);
	}

	@Test
	void knowsWhichReplyIsThatOfTheStatement() throws IOException {
		this.faults.arm(Fault.DROP_RESPONSE, COMMIT, 1);
		run(Messages.startUp(), Messages.query("begin"), Messages.executePrepared("S_1"), Messages.query("commit"));
		// of the start-up, of BEGIN, of the prepared statement, and of COMMIT
		assertThat(pendingReply()).isEqualTo(4);
	}

	@Test
	void asksTheObserverAboutEachRequestAndPrefersWhatIsArmed() throws IOException {
		this.observed = ArmedFault.of(Fault.BLACK_HOLE_AFTER);
		ArmedFault armed = this.faults.arm(Fault.DROP_REQUEST_SERVER_OPEN, COMMIT, 1);
		run(Messages.startUp(), Messages.query("commit"));
		assertThat(this.requests).containsExactly(List.of("commit"));
		assertThat(armed.isFired()).isTrue();
		assertThat(this.observed.isFired()).isFalse();
	}

	@Test
	void placesTheFaultOfTheObserver() throws IOException {
		this.observed = ArmedFault.of(Fault.DROP_REQUEST);
		run(Messages.startUp(), Messages.message('S'));
		assertThat(this.requests).containsExactly(List.of());
		assertThat(this.server.told()).isEqualTo(Messages.startUp());
		assertThat(this.observed.isFired()).isTrue();
	}

	@Test
	void requestsThatComeTogetherAreOneRoundTrip() throws IOException {
		run(Messages.startUp(), Messages.join(Messages.query("begin"), Messages.query("select 1")),
				Messages.query("commit"));
		assertThat(this.traffic.snapshot().roundTrips()).isEqualTo(2);
		assertThat(this.traffic.snapshot().fromClient('Q')).isEqualTo(3);
	}

	@Test
	void readsOnIfTheServerHasNoEncryption() throws IOException {
		this.client.says(Messages.sslRequest());
		FrontendReader reader = reader();
		this.server.says(new byte[] { 'N' });
		reader.run();
		assertThat(this.connection.isNegotiatingEncryption()).isTrue();
		assertThat(this.server.told()).isEqualTo(Messages.sslRequest());
		this.connection.encryptionAnswered(false);
		run(Messages.startUp(), Messages.query("select 1"));
		assertThat(this.requests).containsExactly(List.of("select 1"));
	}

	@Test
	void passesWhatIsEncryptedUnread() throws IOException {
		this.faults.arm(Fault.DROP_REQUEST, Statements.any(), 1);
		this.connection.encryptionAnswered(true);
		run(Messages.query("commit"), new byte[] { 1 });
		assertThat(this.server.told()).isEqualTo(Messages.join(Messages.query("commit"), new byte[] { 1 }));
		assertThat(this.requests).isEmpty();
	}

	@Test
	void passesEncryptionThatWasNotAskedFor() throws IOException {
		byte[] hello = { 0x16, 3, 1, 0, 1, 42 };
		run(hello, Messages.query("commit"));
		assertThat(this.server.told()).isEqualTo(Messages.join(hello, Messages.query("commit")));
		assertThat(this.requests).isEmpty();
		assertThat(this.connection.isEncrypted()).as("so that replies are not read, either").isTrue();
	}

	@Test
	void passesTheRequestToCancel() throws IOException {
		this.faults.arm(Fault.DROP_REQUEST, Statements.any(), 1);
		run(Messages.cancelRequest());
		assertThat(this.server.told()).isEqualTo(Messages.cancelRequest());
	}

	private void run(byte[]... packets) throws IOException {
		this.client.says(packets);
		reader().run();
	}

	private FrontendReader reader() throws IOException {
		return new FrontendReader(this.connection, this.traffic, this.faults::at, (statements) -> {
			this.requests.add(statements);
			return this.observed;
		});
	}

	private int pendingReply() {
		ProxiedConnection.PendingReply reply = this.connection.pendingReply();
		assertThat(reply).isNotNull();
		return reply.number();
	}

}
