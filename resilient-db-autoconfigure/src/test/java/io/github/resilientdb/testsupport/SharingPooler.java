package io.github.resilientdb.testsupport;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A connection pooler that gives a server process to another client with each
 * transaction, and tells all of them the process id that the server told. Enough of the
 * protocol for one user and one database, without TLS and COPY. What a client leaves open
 * is rolled back.
 */
public final class SharingPooler implements AutoCloseable {

	private static final int STARTUP = 196608;

	private static final byte[] SYNC = {};

	private static final byte[] ROLLBACK = "ROLLBACK\0".getBytes(StandardCharsets.US_ASCII);

	private final PostgresServer server;

	private final int size;

	private final ServerSocket listener;

	private final List<Backend> backends = new ArrayList<>();

	private final List<Client> clients = new ArrayList<>();

	private final AtomicReference<@Nullable Runnable> onCommit = new AtomicReference<>();

	private SharingPooler(PostgresServer server, int size) {
		this.server = server;
		this.size = size;
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept, "sharing-pooler");
	}

	/**
	 * Start a pooler.
	 * @param server the server behind it
	 * @param size how many server processes its clients share
	 * @return the pooler
	 */
	public static SharingPooler inFrontOf(PostgresServer server, int size) {
		return new SharingPooler(server, size);
	}

	/**
	 * Return the URL of a database through the pooler.
	 * @param database the database, the same for all clients
	 * @return a URL without prepared statements on the server
	 */
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://127.0.0.1:%d/%s?prepareThreshold=0&sslmode=disable"
			.formatted(this.listener.getLocalPort(), database);
	}

	/**
	 * Lose the next COMMIT: it is not sent, its transaction is rolled back, and its
	 * client is told nothing.
	 * @param then what is done when the server process is free again, before the client's
	 * connection is closed
	 */
	public void loseCommit(Runnable then) {
		this.onCommit.set(then);
	}

	/**
	 * Close the connections of all clients that are in a transaction, and wait until
	 * their server processes are free.
	 */
	public synchronized void dropTransactions() {
		List<Client> open = this.clients.stream().filter((client) -> client.backend != null).toList();
		open.forEach((client) -> close(client.socket));
		while (open.stream().anyMatch((client) -> client.backend != null)) {
			await();
		}
	}

	private static Thread start(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private void accept() {
		try {
			while (true) {
				Client client = new Client(this.listener.accept());
				synchronized (this) {
					this.clients.add(client);
				}
				start(client, "sharing-pooler-client");
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private synchronized Backend take(byte[] startup, Client client) throws IOException {
		while (true) {
			for (Backend backend : this.backends) {
				if (!backend.taken) {
					return take(backend, client);
				}
			}
			if (this.backends.size() < this.size) {
				Backend backend = new Backend(startup, client);
				this.backends.add(backend);
				return take(backend, client);
			}
			await();
		}
	}

	private static Backend take(Backend backend, Client client) {
		backend.taken = true;
		client.backend = backend;
		return backend;
	}

	private synchronized void free(Client client) {
		if (client.backend != null) {
			client.backend.taken = false;
			client.backend = null;
			notifyAll();
		}
	}

	private void await() {
		try {
			wait();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public synchronized void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.clients.forEach((client) -> close(client.socket));
		this.backends.forEach((backend) -> close(backend.wire.socket));
	}

	/**
	 * A message, its type 0 at start-up.
	 */
	private record Message(int type, byte[] body) {

		boolean isCommit() {
			return (this.type == 'Q' || this.type == 'P')
					&& new String(this.body, StandardCharsets.ISO_8859_1).contains("COMMIT");
		}

		int code() {
			return (this.body[0] << 24) | (this.body[1] << 16) | (this.body[2] << 8) | this.body[3];
		}

	}

	private static final class Wire {

		private final Socket socket;

		private final DataInputStream in;

		private final DataOutputStream out;

		Wire(Socket socket) throws IOException {
			socket.setTcpNoDelay(true);
			this.socket = socket;
			this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
			this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
		}

		Message read() throws IOException {
			return body(this.in.readUnsignedByte());
		}

		Message body(int type) throws IOException {
			byte[] body = new byte[this.in.readInt() - 4];
			this.in.readFully(body);
			return new Message(type, body);
		}

		void write(int type, byte[] body) throws IOException {
			if (type != 0) {
				this.out.writeByte(type);
			}
			this.out.writeInt(body.length + 4);
			this.out.write(body);
		}

		void flush() throws IOException {
			this.out.flush();
		}

	}

	/**
	 * A server process, and what it says to whom it lets in.
	 */
	private static final class Backend {

		private final Wire wire;

		private final List<Message> greeting = new ArrayList<>();

		private boolean taken;

		Backend(byte[] startup, Client client) throws IOException {
			this.wire = new Wire(new Socket(client.server().host(), client.server().port()));
			this.wire.write(0, startup);
			this.wire.flush();
			Message message;
			do {
				message = this.wire.read();
				if (message.type() == 'R' && message.code() != 0) {
					client.wire.write(message.type(), message.body());
					client.wire.flush();
					if (message.code() != 12) {
						Message answer = client.wire.read();
						this.wire.write(answer.type(), answer.body());
						this.wire.flush();
					}
				}
				else {
					this.greeting.add(message);
				}
			}
			while (message.type() != 'Z');
		}

		void rollback() throws IOException {
			this.wire.write('S', SYNC);
			this.wire.flush();
			skip();
			this.wire.write('Q', ROLLBACK);
			this.wire.flush();
			skip();
		}

		private void skip() throws IOException {
			while (this.wire.read().type() != 'Z') {
				continue;
			}
		}

	}

	private final class Client implements Runnable {

		private final Socket socket;

		private final Wire wire;

		private volatile @Nullable Backend backend;

		Client(Socket socket) throws IOException {
			this.socket = socket;
			this.wire = new Wire(socket);
		}

		PostgresServer server() {
			return SharingPooler.this.server;
		}

		@Override
		public void run() {
			try (this.socket) {
				byte[] startup = startup();
				for (Message message : take(startup, this).greeting) {
					this.wire.write(message.type(), message.body());
				}
				this.wire.flush();
				free(this);
				serve(startup);
			}
			catch (IOException ex) {
				leave();
			}
		}

		private byte[] startup() throws IOException {
			Message message = this.wire.body(0);
			while (message.code() != STARTUP) {
				if (message.body().length > 4) {
					throw new EOFException("to cancel");
				}
				this.socket.getOutputStream().write('N');
				message = this.wire.body(0);
			}
			return message.body();
		}

		private void serve(byte[] startup) throws IOException {
			while (true) {
				Message message = this.wire.read();
				if (message.type() == 'X') {
					throw new EOFException("gone");
				}
				Backend own = this.backend;
				if (own == null) {
					own = take(startup, this);
				}
				Runnable then = message.isCommit() ? SharingPooler.this.onCommit.getAndSet(null) : null;
				if (then != null) {
					leave();
					then.run();
					return;
				}
				own.wire.write(message.type(), message.body());
				if (message.type() == 'S' || message.type() == 'Q') {
					own.wire.flush();
					relay(own);
				}
			}
		}

		private void relay(Backend own) throws IOException {
			Message message;
			do {
				message = own.wire.read();
				this.wire.write(message.type(), message.body());
			}
			while (message.type() != 'Z');
			if (message.body()[0] == 'I') {
				free(this); // before the client knows
			}
			this.wire.flush();
		}

		private void leave() {
			Backend own = this.backend;
			try {
				if (own != null) {
					own.rollback();
				}
			}
			catch (IOException ex) {
				// ended, or the test is over
			}
			free(this);
		}

	}

}
