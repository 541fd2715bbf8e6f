package io.github.resilientdb.test.proxy;

import java.io.IOException;

import io.github.resilientdb.test.proxy.ProxiedConnection.PendingReply;

/**
 * Reads what the server sends and forwards it to the client, except replies that a fault
 * changes or loses.
 */
final class BackendReader implements Runnable {

	private final ProxiedConnection connection;

	private final MessageBuffer buffer;

	/**
	 * How many replies have come completely, the one to the start-up included.
	 */
	private int replies;

	private boolean inPendingReply;

	BackendReader(ProxiedConnection connection) throws IOException {
		this.connection = connection;
		this.buffer = connection.fromServer();
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
		finally {
			this.connection.serverEnded(reset);
		}
	}

	private void forward() throws IOException {
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

	private void observe() {
		byte type = this.buffer.type();
		PendingReply pending = this.connection.pendingReply();
		boolean observed = pending != null && this.replies == pending.number() - 1;
		if (type == 'Z') {
			this.replies++;
		}
		if (pending != null && observed) {
			observe(pending.fault(), type == 'Z');
		}
	}

	private void observe(ArmedFault armed, boolean last) {
		if (!this.inPendingReply) {
			this.inPendingReply = true;
			this.buffer.forwardEarlier(this.connection.toClient());
		}
		switch (armed.fault().kind()) {
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

	private void fire(ArmedFault armed) {
		if (armed.fault().kind() == Fault.Kind.DROP_RESPONSE) {
			this.connection.cut();
		}
		armed.markFired();
	}

}
