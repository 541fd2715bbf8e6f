package io.github.resilientdb.test.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A port on the loopback address, which is open or refuses connections, and the thread
 * that accepts from it. The port stays ours until {@link #close()}: while it refuses, a
 * socket that does not listen holds it, so that nobody else is given it. Safe to use from
 * several threads.
 */
final class ProxyListener {

	private static final String LOOPBACK = "127.0.0.1";

	private static final int BACKLOG = 512;

	/**
	 * A process that is just being started may hold a copy of a closed socket.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final ProxyThreads threads;

	private final Consumer<Socket> clients;

	private final InetSocketAddress address;

	private @Nullable Opened opened;

	private @Nullable Socket placeholder;

	private boolean closed;

	/**
	 * Choose a port, which refuses connections at first.
	 * @param threads starts the thread
	 * @param clients is given the clients; must not block
	 */
	ProxyListener(ProxyThreads threads, Consumer<Socket> clients) {
		this.threads = threads;
		this.clients = clients;
		Socket first = patiently(() -> hold(new InetSocketAddress(LOOPBACK, 0)));
		this.address = new InetSocketAddress(LOOPBACK, first.getLocalPort());
		this.placeholder = first;
	}

	int port() {
		return this.address.getPort();
	}

	/**
	 * Accept connections, if they are refused.
	 */
	synchronized void accept() {
		if (this.opened == null && !this.closed) {
			release();
			ServerSocket socket = patiently(() -> listen(this.address));
			this.opened = new Opened(socket, this.threads.start("fault-proxy-" + port(), () -> acceptAll(socket)));
		}
	}

	private void acceptAll(ServerSocket socket) {
		try {
			while (true) {
				this.clients.accept(socket.accept());
			}
		}
		catch (IOException ex) {
			if (!socket.isClosed()) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	/**
	 * Refuse connections, if they are accepted.
	 */
	synchronized void refuse() {
		if (stopListening()) {
			this.placeholder = patiently(() -> hold(this.address));
		}
	}

	private boolean stopListening() {
		if (this.opened == null) {
			return false;
		}
		close(this.opened.socket());
		// the system goes on listening until the thread has left its call
		ProxyThreads.join(this.opened.thread());
		this.opened = null;
		return true;
	}

	private void release() {
		if (this.placeholder != null) {
			close(this.placeholder);
			this.placeholder = null;
		}
	}

	/**
	 * Refuse connections for good, and give the port away.
	 */
	synchronized void close() {
		this.closed = true;
		stopListening();
		release();
	}

	private static ServerSocket listen(InetSocketAddress address) throws IOException {
		ServerSocket socket = new ServerSocket();
		try {
			socket.setReuseAddress(true);
			socket.bind(address, BACKLOG);
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	private static Socket hold(InetSocketAddress address) throws IOException {
		Socket socket = new Socket();
		try {
			socket.setReuseAddress(true);
			socket.bind(address);
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	private static <S> S patiently(Binding<S> binding) {
		long start = System.nanoTime();
		while (true) {
			try {
				return binding.bind();
			}
			catch (BindException ex) {
				if (System.nanoTime() - start > PATIENCE.toNanos()) {
					throw new UncheckedIOException(ex);
				}
				LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static void close(Closeable socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private record Opened(ServerSocket socket, Thread thread) {
	}

	private interface Binding<S> {

		S bind() throws IOException;

	}

}
