package io.github.resilientdb.test.proxy;

import java.io.IOException;

import io.github.resilientdb.test.proxy.ProxiedConnection.PendingReply;

/**
 * Reads what the server sends and forwards it to the client, except replies that a fault
 * holds or loses.
 */
final class BackendReader implements Runnable {

	private final ProxiedConnection connection;

	private final MessageBuffer buffer;

	private final TrafficCounter traffic;

	/**
	 * How many replies have come completely, the one to the start-up included.
	 */
	private int replies;

	private boolean inPendingReply;

	BackendReader(ProxiedConnection connection, TrafficCounter traffic) throws IOException {
		this.connection = connection;
		this.buffer = connection.fromServer();
		this.traffic = traffic;
	}

	@Override
	public void run() {
		boolean reset = false;
		try {
			while (this.buffer.fill()) {
				forward();
			}
		}
		catch (IOException ex) {
			reset = true; // the server's end of the connection failed, the other is told
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt(); // the proxy is being closed
		}
		finally {
			this.connection.serverEnded(reset);
		}
	}

	private void forward() throws IOException, InterruptedException {
		if (this.connection.isNegotiatingEncryption()) {
			forwardEncryptionAnswer();
		}
		if (this.connection.isEncrypted()) {
			this.buffer.advanceAll();
		}
		else {
			while (this.buffer.nextTyped()) {
				observe();
			}
		}
		if (!this.inPendingReply) {
			this.buffer.forward(this.connection.toClient());
		}
	}

	/**
	 * The answer is a single byte, or an error message of servers before PostgreSQL 7.
	 */
	private void forwardEncryptionAnswer() {
		int answer = this.buffer.peek();
		this.connection.encryptionAnswered(answer == 'S' || answer == 'G');
		if (answer != 'E') {
			this.buffer.advance(1);
			this.buffer.forward(this.connection.toClient());
		}
	}

	private void observe() throws InterruptedException {
		byte type = this.buffer.type();
		this.traffic.countFromServer(type);
		PendingReply pending = this.connection.pendingReply();
		boolean observed = pending != null && this.replies == pending.number() - 1;
		if (type == 'Z') {
			this.replies++;
		}
		if (pending != null && observed) {
			observe(pending.fault(), type == 'Z');
		}
	}

	private void observe(ArmedFault armed, boolean last) throws InterruptedException {
		if (!this.inPendingReply) {
			this.inPendingReply = true;
			this.buffer.forwardEarlier(this.connection.toClient());
		}
		switch (armed.fault().kind()) {
			case HOLD -> {
			}
			case END_SESSION, ERROR -> forwardFailure(armed.fault().kind() == Fault.Kind.ERROR && last);
			default -> this.buffer.drop();
		}
		if (this.buffer.type() == 'E' && armed.fault().kind() == Fault.Kind.END_SESSION) {
			armed.markFired();
		}
		if (last && armed.fault().kind() != Fault.Kind.END_SESSION) {
			this.inPendingReply = false;
			this.connection.expectReply(null);
			fire(armed);
		}
	}

	/**
	 * Of the reply to a substitute the client sees only that its request failed.
	 */
	private void forwardFailure(boolean last) {
		if (last || this.buffer.type() == 'E') {
			this.buffer.forwardMessage(this.connection.toClient());
		}
		else {
			this.buffer.drop();
		}
	}

	private void fire(ArmedFault armed) throws InterruptedException {
		switch (armed.fault().kind()) {
			case RESET_AFTER -> this.connection.reset();
			case DROP_RESPONSE, LATE_REQUEST -> this.connection.cut();
			default -> {
			}
		}
		armed.markAnswered();
		if (armed.fault().kind() == Fault.Kind.HOLD) {
			armed.awaitRelease();
		}
		armed.markFired();
	}

}
