package io.github.resilientdb.benchmarks;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the messages that clients send to a server, by the lengths that PostgreSQL's
 * protocol puts in front of them. What comes first on a connection has no type and isn't
 * counted.
 */
final class CountingRelay implements AutoCloseable {

	private static final int REQUEST_FOR_TLS = 80877103;

	private static final int REQUEST_FOR_GSS = 80877104;

	private final Server server;

	private final ServerSocket listener;

	private final AtomicLong messages = new AtomicLong();

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	CountingRelay(Server server) {
		this.server = server;
		try {
			this.listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	/**
	 * Return the server as it is reached through here.
	 */
	Server server() {
		return this.server.at(this.listener.getInetAddress().getHostAddress(), this.listener.getLocalPort());
	}

	long messages() {
		return this.messages.get();
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listener.accept();
			Socket server = new Socket(this.server.host(), this.server.port());
			for (Socket socket : Set.of(client, server)) {
				socket.setTcpNoDelay(true);
				this.sockets.add(socket);
			}
			start(() -> count(client, server));
			start(() -> copy(server, client));
		}
	}

	private void count(Socket client, Socket server) throws IOException {
		try (client; server) {
			DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream(), 1 << 16));
			OutputStream out = server.getOutputStream();
			while (isRequestForEncryption(copyStart(in, out))) {
				// is refused, and the start of the session follows
			}
			for (int type = in.read(); type >= 0; type = in.read()) {
				byte[] length = in.readNBytes(Integer.BYTES);
				byte[] message = new byte[1 + number(length)];
				message[0] = (byte) type;
				System.arraycopy(length, 0, message, 1, Integer.BYTES);
				in.readFully(message, 1 + Integer.BYTES, message.length - 1 - Integer.BYTES);
				this.messages.incrementAndGet();
				out.write(message);
			}
		}
	}

	private static byte[] copyStart(DataInputStream in, OutputStream out) throws IOException {
		byte[] length = in.readNBytes(Integer.BYTES);
		byte[] packet = in.readNBytes(number(length) - Integer.BYTES);
		out.write(length);
		out.write(packet);
		return packet;
	}

	private static boolean isRequestForEncryption(byte[] packet) {
		int code = number(Arrays.copyOf(packet, Integer.BYTES));
		return code == REQUEST_FOR_TLS || code == REQUEST_FOR_GSS;
	}

	private static int number(byte[] bytes) {
		int number = 0;
		for (byte part : bytes) {
			number = (number << Byte.SIZE) | (part & 0xff);
		}
		return number;
	}

	private static void copy(Socket from, Socket to) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			in.transferTo(to.getOutputStream());
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// the connection has ended
			}
		}, "counting-relay");
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		close(this.listener);
		this.sockets.forEach(CountingRelay::close);
	}

	private static void close(Closeable socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Something that ends with its connection.
	 */
	private interface Task {

		void run() throws IOException;

	}

}
