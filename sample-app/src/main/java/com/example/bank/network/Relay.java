package com.example.bank.network;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection through the proxy: reads the messages of both sides, and forwards them.
 */
class Relay implements Runnable {

	private static final int CANCEL_REQUEST = 80877102;

	private static final int SSL_REQUEST = 80877103;

	private static final int GSS_ENCRYPTION_REQUEST = 80877104;

	private static final int TLS_HANDSHAKE = 0x16;

	private static final int CONNECT_MILLIS = 5000;

	private static final String IN_A_BATCH = "PBDEC";

	private final FaultProxy proxy;

	private final Socket client;

	private final Socket server = new Socket();

	private final Statements statements = new Statements();

	private final AtomicInteger requests = new AtomicInteger();

	/**
	 * The number of the request whose reply is to be lost, 0 if none.
	 */
	private final AtomicInteger unanswered = new AtomicInteger();

	Relay(FaultProxy proxy, Socket client) {
		this.proxy = proxy;
		this.client = client;
	}

	@Override
	public void run() {
		try (this.client; this.server) {
			this.client.setTcpNoDelay(true);
			this.server.setTcpNoDelay(true);
			if (this.proxy.swallows(this)) {
				this.client.getInputStream().transferTo(DataOutputStream.nullOutputStream());
				return;
			}
			this.server.connect(new InetSocketAddress(this.proxy.host(), this.proxy.serverPort()), CONNECT_MILLIS);
			converse();
		}
		catch (IOException ex) {
			// one side has ended, so does the other
		}
	}

	private void inBackground(FaultProxy.Task task) {
		this.proxy.inBackground(() -> {
			// in order: what the server said before it ended the session shall arrive
			try (this.client; this.server) {
				task.run();
			}
		});
	}

	private void converse() throws IOException {
		DataInputStream fromClient = new DataInputStream(new BufferedInputStream(this.client.getInputStream()));
		DataInputStream fromServer = new DataInputStream(new BufferedInputStream(this.server.getInputStream()));
		if (introduce(fromClient, fromServer)) {
			inBackground(() -> readReplies(fromServer));
			readRequests(fromClient);
		}
		else {
			inBackground(() -> copy(fromServer, this.client));
			copy(fromClient, this.server);
		}
	}

	/**
	 * Forward what comes before the first message with a type.
	 * @return whether the messages that follow can be read
	 */
	private boolean introduce(DataInputStream fromClient, DataInputStream fromServer) throws IOException {
		while (true) {
			fromClient.mark(1);
			int first = fromClient.read();
			fromClient.reset();
			if (first == TLS_HANDSHAKE) {
				this.proxy.encrypted();
				return false;
			}
			int length = fromClient.readInt();
			byte[] body = fromClient.readNBytes(length - Integer.BYTES);
			DataOutputStream toServer = new DataOutputStream(new BufferedOutputStream(this.server.getOutputStream()));
			toServer.writeInt(length);
			toServer.write(body);
			toServer.flush();
			int code = ByteBuffer.wrap(body).getInt();
			if (code == SSL_REQUEST || code == GSS_ENCRYPTION_REQUEST) {
				int answer = fromServer.read();
				this.client.getOutputStream().write(answer);
				if (answer == 'S' || answer == 'G') {
					this.proxy.encrypted();
					return false;
				}
			}
			else {
				return code != CANCEL_REQUEST;
			}
		}
	}

	private void readRequests(DataInputStream fromClient) throws IOException {
		ByteArrayOutputStream batch = new ByteArrayOutputStream();
		boolean commits = false;
		while (true) {
			byte type = fromClient.readByte();
			int length = fromClient.readInt();
			byte[] body = fromClient.readNBytes(length - Integer.BYTES);
			DataOutputStream message = new DataOutputStream(batch);
			message.writeByte(type);
			message.writeInt(length);
			message.write(body);
			commits |= this.statements.commits(type, body);
			if (IN_A_BATCH.indexOf(type) < 0) {
				send(type, batch, commits);
				batch.reset();
				commits = false;
			}
		}
	}

	private void send(byte last, ByteArrayOutputStream batch, boolean commits) throws IOException {
		int request = (last == 'S' || last == 'Q') ? this.requests.incrementAndGet() : this.requests.get();
		if (this.proxy.swallows(this)) {
			return;
		}
		if (commits) {
			CommitLoss loss = this.proxy.takeLoss();
			if (loss == CommitLoss.REQUEST) {
				throw new EOFException("Lost");
			}
			if (loss == CommitLoss.REPLY) {
				this.unanswered.set(request);
			}
		}
		batch.writeTo(this.server.getOutputStream());
	}

	private void readReplies(DataInputStream fromServer) throws IOException {
		DataOutputStream toClient = new DataOutputStream(new BufferedOutputStream(this.client.getOutputStream()));
		// The first one is the reply to the start-up message
		int replies = -1;
		while (true) {
			byte type = fromServer.readByte();
			int length = fromServer.readInt();
			byte[] body = fromServer.readNBytes(length - Integer.BYTES);
			int unanswered = this.unanswered.get();
			boolean lost = unanswered > 0 && replies == unanswered - 1;
			replies += (type == 'Z') ? 1 : 0;
			if (lost && type == 'Z') {
				throw new EOFException("Lost");
			}
			if (!lost && !this.proxy.swallows(this)) {
				toClient.writeByte(type);
				toClient.writeInt(length);
				toClient.write(body);
			}
			if (fromServer.available() == 0) {
				toClient.flush();
			}
		}
	}

	private void copy(InputStream from, Socket to) throws IOException {
		byte[] buffer = new byte[8192];
		for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
			if (!this.proxy.swallows(this)) {
				to.getOutputStream().write(buffer, 0, count);
			}
		}
		throw new EOFException();
	}

	/**
	 * Reset the connection.
	 */
	void reset() {
		try {
			this.client.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// it is closed
		}
		closeQuietly(this.client);
		closeQuietly(this.server);
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// nothing is left to do
		}
	}

}
