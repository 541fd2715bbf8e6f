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

import static io.github.resilientdb.test.proxy.Messages.cancelRequest;
import static io.github.resilientdb.test.proxy.Messages.executePrepared;
import static io.github.resilientdb.test.proxy.Messages.join;
import static io.github.resilientdb.test.proxy.Messages.message;
import static io.github.resilientdb.test.proxy.Messages.prepare;
import static io.github.resilientdb.test.proxy.Messages.query;
import static io.github.resilientdb.test.proxy.Messages.sslRequest;
import static io.github.resilientdb.test.proxy.Messages.startUp;
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
		byte[] all = join(startUp(), message('p', "secret"), prepare("S_1", "select 1"), executePrepared("S_1"),
				message('X'));
		run(all);
		assertThat(this.server.told()).isEqualTo(all);
		assertThat(this.server.isClosed()).isTrue();
		assertThat(this.server.isReset()).isFalse();
	}

	@Test
	void forwardsMessagesThatCameInPiecesWhole() throws IOException {
		byte[] all = join(startUp(), query("select 1"));
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
		run(startUp());
		assertThat(this.server.isReset()).isTrue();
	}

	@Test
	void losesTheWholeBatchAndNothingBefore() throws IOException {
		ArmedFault fault = this.faults.arm(Fault.DROP_REQUEST, COMMIT, 1);
		byte[] before = join(startUp(), prepare("S_1", "commit"), message('S'), query("insert"));
		run(before, executePrepared("S_1"), query("select 1"));
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
		run(startUp(), join(prepare("", "insert"), message('B', "", "", "\0\0\0\0\0"), message('E', "", "\0\0\0"),
				prepare("", "COMMIT"), message('B', "", "", "\0\0\0\0\0"), message('E', "", "\0\0\0"), message('S')));
		assertThat(this.server.told()).isEqualTo(startUp());
		assertThat(this.requests).containsExactly(List.of("insert", "COMMIT"));
	}

	@Test
	void leavesTheServerOpen() throws IOException {
		ArmedFault fault = this.faults.arm(Fault.DROP_REQUEST_SERVER_OPEN, COMMIT, 1);
		run(startUp(), query("commit"));
		assertThat(this.server.told()).isEqualTo(startUp());
		assertThat(this.client.isClosed()).isTrue();
		assertThat(this.server.isClosed()).isFalse();
		assertThat(fault.isFired()).isTrue();
	}

	@Test
	void deliversTheRequestThatIsTheLastOne() throws IOException {
		ArmedFault fault = this.faults.arm(Fault.BLACK_HOLE_AFTER, COMMIT, 1);
		run(startUp(), query("commit"), query("select 1"));
		assertThat(this.server.told()).isEqualTo(join(startUp(), query("commit")));
		assertThat(this.client.isClosed()).isFalse();
		assertThat(this.server.isClosed()).isFalse();
		assertThat(this.connection.toClient().isSwallowing()).isTrue();
		assertThat(fault.isFired()).isTrue();
	}

	@Test
	void deliversTheRequestWhenTheClientIsGone() throws IOException {
		ArmedFault fault = this.faults.arm(Fault.lateRequest(Duration.ofMillis(1)), COMMIT, 1);
		run(startUp(), query("commit"));
		assertThat(this.server.told()).isEqualTo(join(startUp(), query("commit")));
		assertThat(this.client.isClosed()).isTrue();
		assertThat(this.server.isClosed()).isFalse();
		assertThat(fault.isFired()).isTrue();
		assertThat(pendingReply()).isEqualTo(2);
	}

	@Test
	void asksTheServerToFailInstead() throws IOException {
		Fault error = Fault.error("40001");
		this.faults.arm(error, COMMIT, 1);
		run(startUp(), query("commit"), query("select 1"));
		assertThat(this.server.told())
			.isEqualTo(join(startUp(), Substitute.of(error, List.of("commit")), query("select 1")));
		assertThat(pendingReply()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void holdsTheRequestOrItsReply(boolean request) throws IOException {
		ArmedFault fault = this.faults.arm(request ? Fault.HOLD_REQUEST : Fault.HOLD, COMMIT, 1);
		fault.release();
		run(startUp(), query("commit"), query("select 1"));
		assertThat(this.server.told()).isEqualTo(join(startUp(), query("commit"), query("select 1")));
		assertThat(fault.isFired()).isTrue();
		assertThat(this.connection.pendingReply() != null).isNotEqualTo(request);
	}

	@Test
	void knowsWhichReplyIsThatOfTheStatement() throws IOException {
		this.faults.arm(Fault.DROP_RESPONSE, COMMIT, 1);
		run(startUp(), query("begin"), executePrepared("S_1"), query("commit"));
		// of the start-up, of BEGIN, of the prepared statement, and of COMMIT
		assertThat(pendingReply()).isEqualTo(4);
	}

	@Test
	void asksTheObserverAboutEachRequestAndPrefersWhatIsArmed() throws IOException {
		this.observed = ArmedFault.of(Fault.BLACK_HOLE_AFTER);
		ArmedFault armed = this.faults.arm(Fault.DROP_REQUEST_SERVER_OPEN, COMMIT, 1);
		run(startUp(), query("commit"));
		assertThat(this.requests).containsExactly(List.of("commit"));
		assertThat(armed.isFired()).isTrue();
		assertThat(this.observed.isFired()).isFalse();
	}

	@Test
	void placesTheFaultOfTheObserver() throws IOException {
		this.observed = ArmedFault.of(Fault.DROP_REQUEST);
		run(startUp(), message('S'));
		assertThat(this.requests).containsExactly(List.of());
		assertThat(this.server.told()).isEqualTo(startUp());
		assertThat(this.observed.isFired()).isTrue();
	}

	@Test
	void requestsThatComeTogetherAreOneRoundTrip() throws IOException {
		run(startUp(), join(query("begin"), query("select 1")), query("commit"));
		assertThat(this.traffic.snapshot().roundTrips()).isEqualTo(2);
		assertThat(this.traffic.snapshot().fromClient('Q')).isEqualTo(3);
	}

	@Test
	void readsOnIfTheServerHasNoEncryption() throws IOException {
		this.client.says(sslRequest());
		FrontendReader reader = reader();
		this.server.says(new byte[] { 'N' });
		reader.run();
		assertThat(this.connection.isNegotiatingEncryption()).isTrue();
		assertThat(this.server.told()).isEqualTo(sslRequest());
		this.connection.encryptionAnswered(false);
		run(startUp(), query("select 1"));
		assertThat(this.requests).containsExactly(List.of("select 1"));
	}

	@Test
	void passesWhatIsEncryptedUnread() throws IOException {
		this.faults.arm(Fault.DROP_REQUEST, Statements.any(), 1);
		this.connection.encryptionAnswered(true);
		run(query("commit"), new byte[] { 1 });
		assertThat(this.server.told()).isEqualTo(join(query("commit"), new byte[] { 1 }));
		assertThat(this.requests).isEmpty();
	}

	@Test
	void passesEncryptionThatWasNotAskedFor() throws IOException {
		byte[] hello = { 0x16, 3, 1, 0, 1, 42 };
		run(hello, query("commit"));
		assertThat(this.server.told()).isEqualTo(join(hello, query("commit")));
		assertThat(this.requests).isEmpty();
		assertThat(this.connection.isEncrypted()).as("so that replies are not read, either").isTrue();
	}

	@Test
	void passesTheRequestToCancel() throws IOException {
		this.faults.arm(Fault.DROP_REQUEST, Statements.any(), 1);
		run(cancelRequest());
		assertThat(this.server.told()).isEqualTo(cancelRequest());
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
