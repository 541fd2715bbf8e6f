package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A client's connection and the one to the server that belongs to it. Two threads read
 * from them, {@link FrontendReader} and {@link BackendReader}; faults come from any.
 */
final class ProxiedConnection {

	private final Socket client;

	private final Socket server;

	private final Link toServer;

	private final Link toClient;

	private final Consumer<ProxiedConnection> whenEnded;

	private final AtomicInteger readers = new AtomicInteger(2);

	/**
	 * Whether the two sides have seen different things, so that neither may learn the end
	 * of the other and the connection can't be healed.
	 */
	private volatile boolean severed;

	private volatile boolean negotiatingEncryption;

	private volatile boolean encrypted;

	private volatile @Nullable PendingReply pendingReply;

	ProxiedConnection(Socket client, Socket server, String name, LongSupplier latency,
			BiConsumer<String, Runnable> threads, Consumer<ProxiedConnection> whenEnded) throws IOException {
		this.client = client;
		this.server = server;
		this.toServer = new Link(name + "-to-server", server.getOutputStream(), latency, threads);
		this.toClient = new Link(name + "-to-client", client.getOutputStream(), latency, threads);
		this.whenEnded = whenEnded;
	}

	static ProxiedConnection open(Socket client, ServerAddress address, String name, LongSupplier latency,
			BiConsumer<String, Runnable> threads, Consumer<ProxiedConnection> whenEnded) throws IOException {
		client.setTcpNoDelay(true);
		Socket server = connect(client, address);
		try {
			return new ProxiedConnection(client, server, name, latency, threads, whenEnded);
		}
		catch (IOException ex) {
			server.close();
			throw ex;
		}
	}

	private static Socket connect(Socket client, ServerAddress address) throws IOException {
		try {
			return address.connect();
		}
		catch (RefusedException ex) {
			ex.tell(client);
			throw ex;
		}
	}

	MessageBuffer fromClient() throws IOException {
		return new MessageBuffer(this.client.getInputStream());
	}

	MessageBuffer fromServer() throws IOException {
		return new MessageBuffer(this.server.getInputStream());
	}

	Link toServer() {
		return this.toServer;
	}

	Link toClient() {
		return this.toClient;
	}

	boolean isEncrypted() {
		return this.encrypted;
	}

	boolean isNegotiatingEncryption() {
		return this.negotiatingEncryption;
	}

	void encryptionRequested() {
		this.negotiatingEncryption = true;
	}

	void encryptionAnswered(boolean accepted) {
		this.encrypted = accepted;
		this.negotiatingEncryption = false;
	}

	@Nullable PendingReply pendingReply() {
		return this.pendingReply;
	}

	/**
	 * Let the server's reader watch for a reply; to be called before its request is sent.
	 */
	void expectReply(@Nullable PendingReply reply) {
		this.pendingReply = reply;
	}

	/**
	 * Both sides see the end of the connection.
	 */
	void cut() {
		this.severed = true;
		close(this.client, false);
		close(this.server, false);
	}

	/**
	 * The client gets a connection reset, the server sees the end.
	 */
	void reset() {
		this.severed = true;
		close(this.client, true);
		close(this.server, false);
	}

	/**
	 * The client sees the end of the connection, the server doesn't.
	 */
	void cutClient() {
		loseReplies();
		close(this.client, false);
	}

	/**
	 * Nothing comes back to the client any more.
	 */
	void loseReplies() {
		this.severed = true;
		this.toClient.swallow(true);
	}

	/**
	 * Nothing is delivered any more, in either direction.
	 */
	void blackHole() {
		this.toServer.swallow(true);
		this.toClient.swallow(true);
	}

	/**
	 * Go on if nothing was lost, otherwise end with a reset.
	 */
	void heal() {
		if (this.severed || this.toServer.isLossy() || this.toClient.isLossy()) {
			reset();
		}
		this.toServer.swallow(false);
		this.toClient.swallow(false);
	}

	void clientEnded(boolean reset) {
		if (this.toServer.isSwallowing()) {
			this.severed = true;
		}
		if (!this.severed) {
			this.toServer.finish(() -> close(this.server, reset));
		}
		readerEnded();
	}

	void serverEnded(boolean reset) {
		if (this.toClient.isSwallowing()) {
			this.severed = true;
		}
		else {
			this.toClient.finish(() -> close(this.client, reset));
		}
		readerEnded();
	}

	private void readerEnded() {
		if (this.readers.decrementAndGet() == 0) {
			if (this.severed) { // nobody is left who must not learn of it
				close(this.client, false);
				close(this.server, false);
			}
			this.whenEnded.accept(this);
		}
	}

	static void close(Socket socket, boolean reset) {
		try {
			if (reset) {
				prepareReset(socket);
			}
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void prepareReset(Socket socket) {
		try {
			socket.setSoLinger(true, 0);
		}
		catch (SocketException ex) {
			// closed by the other side or another thread: there is nobody to reset
		}
	}

	/**
	 * A reply that something is done to.
	 *
	 * @param fault what is done
	 * @param number which reply it is, counting ReadyForQuery from 1
	 */
	record PendingReply(ArmedFault fault, int number) {

	}

}
