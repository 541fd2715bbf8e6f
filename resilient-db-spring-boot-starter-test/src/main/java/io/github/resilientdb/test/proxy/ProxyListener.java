package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Consumer;

/**
 * A socket that listens on the loopback address, and the thread that accepts from it.
 */
final class ProxyListener {

	private static final int BACKLOG = 512;

	private final ServerSocket socket;

	private final Thread thread;

	private ProxyListener(ServerSocket socket, ProxyThreads threads, Consumer<Socket> clients) {
		this.socket = socket;
		this.thread = threads.start("fault-proxy-" + socket.getLocalPort(), () -> acceptAll(clients));
	}

	/**
	 * Begin to listen.
	 * @param port the port, or 0 for any
	 * @param threads starts the thread
	 * @param clients is given the clients; must not block
	 */
	static ProxyListener open(int port, ProxyThreads threads, Consumer<Socket> clients) {
		try {
			ServerSocket socket = new ServerSocket();
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), BACKLOG);
			return new ProxyListener(socket, threads, clients);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.socket.getLocalPort();
	}

	private void acceptAll(Consumer<Socket> clients) {
		try {
			while (true) {
				clients.accept(this.socket.accept());
			}
		}
		catch (IOException ex) {
			if (!this.socket.isClosed()) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		// the system goes on listening until the thread has left its call
		ProxyThreads.join(this.thread);
	}

}
