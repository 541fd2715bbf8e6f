package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.github.resilientdb.test.proxy.ProxiedConnection.PendingReply;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the client sends and forwards it to the server, one batch of messages at a
 * time. Places the faults armed for statements.
 */
final class FrontendReader implements Runnable {

	private static final int CANCEL_REQUEST = 80877102;

	private static final int SSL_REQUEST = 80877103;

	private static final int GSS_ENCRYPTION_REQUEST = 80877104;

	private static final int TLS_HANDSHAKE = 0x16;

	private final ProxiedConnection connection;

	private final MessageBuffer buffer;

	private final TrafficCounter traffic;

	private final Function<String, @Nullable ArmedFault> faults;

	private final Function<List<String>, @Nullable ArmedFault> observer;

	private final FrontendStatements statements = new FrontendStatements();

	private boolean typed;

	private boolean ignoring;

	/**
	 * How many replies the client has asked for, the one to its start-up included.
	 */
	private int requests = 1;

	private boolean roundTripCounted;

	private @Nullable ArmedFault batchFault;

	private final List<String> batch = new ArrayList<>();

	FrontendReader(ProxiedConnection connection, TrafficCounter traffic, Function<String, @Nullable ArmedFault> faults,
			Function<List<String>, @Nullable ArmedFault> observer) throws IOException {
		this.connection = connection;
		this.buffer = connection.fromClient();
		this.traffic = traffic;
		this.faults = faults;
		this.observer = observer;
	}

	@Override
	public void run() {
		boolean reset = false;
		try {
			boolean open = true;
			while (open) {
				open = this.buffer.fill() && forward();
			}
		}
		catch (IOException ex) {
			reset = true; // the client's end of the connection failed, the other is told
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt(); // the proxy is being closed
		}
		finally {
			this.connection.clientEnded(reset);
		}
	}

	private boolean forward() throws IOException, InterruptedException {
		this.roundTripCounted = false;
		if (!this.typed && this.buffer.peek() == TLS_HANDSHAKE) {
			this.connection.encryptionAnswered(true); // begun without having asked
		}
		boolean open = true;
		while (open && !this.connection.isEncrypted()
				&& (this.typed ? this.buffer.nextTyped() : this.buffer.nextUntyped())) {
			open = (this.typed ? forwardTyped() : forwardUntyped());
		}
		if (this.connection.isEncrypted()) {
			this.buffer.advanceAll();
			this.buffer.forward(this.connection.toServer());
		}
		return open;
	}

	private boolean forwardUntyped() {
		int code = this.buffer.intInMessage(4);
		if (isRequestForEncryption(code)) {
			this.connection.encryptionRequested();
		}
		else if (code != CANCEL_REQUEST) {
			this.typed = true;
		}
		this.buffer.forward(this.connection.toServer());
		return true;
	}

	static boolean isRequestForEncryption(int code) {
		return code == SSL_REQUEST || code == GSS_ENCRYPTION_REQUEST;
	}

	private boolean forwardTyped() throws InterruptedException {
		byte type = this.buffer.type();
		this.traffic.countFromClient(type);
		if (this.ignoring) {
			this.buffer.drop();
			return true;
		}
		String sql = this.statements.observe(this.buffer);
		if (sql != null) {
			this.batch.add(sql);
			if (this.batchFault == null) {
				this.batchFault = this.faults.apply(sql);
			}
		}
		return switch (type) {
			case 'P', 'B', 'D', 'E', 'C' -> true; // the batch goes on
			case 'S', 'Q', 'F' -> {
				ArmedFault observed = this.observer.apply(List.copyOf(this.batch));
				if (this.batchFault == null) {
					this.batchFault = observed;
				}
				boolean open = forwardBatch(countRequest());
				this.batch.clear();
				yield open;
			}
			default -> forwardBatch(this.requests + 1);
		};
	}

	/**
	 * Requests that come together, such as BEGIN and the first statement, are a single
	 * round trip.
	 */
	private int countRequest() {
		if (!this.roundTripCounted) {
			this.roundTripCounted = true;
			this.traffic.countRoundTrip();
		}
		return ++this.requests;
	}

	private boolean forwardBatch(int replyNumber) throws InterruptedException {
		ArmedFault fault = this.batchFault;
		if (fault == null) {
			this.buffer.forward(this.connection.toServer());
			return true;
		}
		this.batchFault = null;
		return fire(fault, new PendingReply(fault, replyNumber));
	}

	private boolean fire(ArmedFault armed, PendingReply reply) throws InterruptedException {
		Fault fault = armed.fault();
		return switch (fault.kind()) {
			case END_SESSION, ERROR -> {
				this.connection.expectReply(reply);
				this.buffer.replace(Substitute.of(fault, this.batch), this.connection.toServer());
				yield true;
			}
			case DROP_REQUEST -> {
				this.connection.cut();
				armed.markFired();
				yield false;
			}
			case DROP_REQUEST_SERVER_OPEN -> {
				this.connection.cutClient();
				armed.markFired();
				yield false;
			}
			case DROP_RESPONSE, RESET_AFTER -> {
				this.connection.expectReply(reply);
				this.buffer.forward(this.connection.toServer());
				yield true;
			}
			case BLACK_HOLE_AFTER -> {
				this.connection.expectReply(reply);
				this.connection.loseReplies();
				this.buffer.forward(this.connection.toServer());
				this.ignoring = true;
				armed.markFired();
				yield true;
			}
			case LATE_REQUEST -> {
				this.connection.expectReply(reply);
				this.connection.cutClient();
				armed.markFired();
				Thread.sleep(fault.delay().toMillis());
				this.buffer.forward(this.connection.toServer());
				yield false;
			}
			case HOLD_REQUEST -> {
				armed.markFired();
				armed.awaitRelease();
				this.buffer.forward(this.connection.toServer());
				yield true;
			}
			case HOLD -> {
				this.connection.expectReply(reply);
				this.buffer.forward(this.connection.toServer());
				armed.markFired();
				yield true;
			}
		};
	}

}
