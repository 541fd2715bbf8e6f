package io.github.resilientdb.testsupport;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An address that leads to one server now, and to another one later, as a provider's
 * does.
 */
public final class MovingAddress implements Closeable {

	private final ServerSocket listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final String database;

	private volatile int port;

	/**
	 * Open an address.
	 * @param server where it leads to at first
	 */
	public MovingAddress(PostgresServer server) throws IOException {
		this.database = server.database();
		this.port = server.port();
		start(this::accept);
	}

	/**
	 * Return the JDBC URL of the address.
	 * @return the URL, without parameters
	 */
	public String jdbcUrl() {
		return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), this.database);
	}

	int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Lead to another server, and end all connections to the last one.
	 * @param server the server
	 */
	public synchronized void leadTo(PostgresServer server) throws IOException {
		this.port = server.port();
		closeAll();
	}

	private void closeAll() throws IOException {
		for (Socket socket : this.sockets) {
			socket.close();
		}
		this.sockets.clear();
	}

	private void accept() throws IOException {
		while (!this.listener.isClosed()) {
			connect(this.listener.accept());
		}
	}

	private synchronized void connect(Socket client) throws IOException {
		Socket upstream = new Socket(InetAddress.getLoopbackAddress(), this.port);
		client.setTcpNoDelay(true);
		upstream.setTcpNoDelay(true);
		this.sockets.addAll(List.of(client, upstream));
		start(() -> forward(client, upstream));
		start(() -> forward(upstream, client));
	}

	private static void forward(Socket from, Socket to) throws IOException {
		try (from; to) {
			from.getInputStream().transferTo(to.getOutputStream());
		}
	}

	@Override
	public synchronized void close() throws IOException {
		this.listener.close();
		closeAll();
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// the connection is over, which is what ends the thread
			}
		}, "moving-address");
		thread.setDaemon(true);
		thread.start();
	}

	private interface Task {

		void run() throws IOException;

	}

}
