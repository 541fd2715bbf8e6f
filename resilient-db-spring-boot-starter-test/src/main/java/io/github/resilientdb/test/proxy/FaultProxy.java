package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy in front of a PostgreSQL server that breaks the network: at any moment, or
 * at exactly one statement. It follows the protocol, so it recognises a statement also
 * when it is executed as a prepared one. Clients must not encrypt: the faults of those
 * that do never fire.
 * <p>
 * While the server is down, a client is let in and gets a connection reset. Safe to use
 * from several threads.
 */
public final class FaultProxy implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final ServerAddress server;

	private final int port;

	private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	private final List<ArmedFault> faults = new CopyOnWriteArrayList<>();

	private final AtomicLong connectionNumbers = new AtomicLong();

	private volatile long latencyNanos;

	private volatile boolean closed;

	private volatile Function<List<String>, @Nullable ArmedFault> observer = (statements) -> null;

	private @Nullable Listener listener;

	private FaultProxy(ServerAddress server) {
		this.server = server;
		this.port = listen(0);
	}

	/**
	 * Put a proxy in front of a server.
	 * @param host the server's host
	 * @param port the server's port
	 * @param encryption whether to speak TLS with the server, whose certificate is not
	 * checked
	 * @return the proxy, accepting connections
	 */
	public static FaultProxy inFrontOf(String host, int port, Encryption encryption) {
		return new FaultProxy(new ServerAddress(host, port, encryption));
	}

	/**
	 * Return the port on the loopback address.
	 * @return the port, which does not change
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Delay everything that is sent from now on. TCP's handshake is not delayed.
	 * @param latency the delay in each direction: half a round trip
	 */
	public void latency(Duration latency) {
		if (latency.isNegative()) {
			throw new IllegalArgumentException("Invalid latency (" + latency + "): must not be negative");
		}
		this.latencyNanos = latency.toNanos();
	}

	/**
	 * End all connections: both sides see an orderly end (FIN).
	 */
	public void cut() {
		this.connections.forEach(ProxiedConnection::cut);
	}

	/**
	 * Reset all connections: clients get RST, the server sees an orderly end.
	 */
	public void reset() {
		this.connections.forEach(ProxiedConnection::reset);
	}

	/**
	 * Deliver nothing any more on the connections that exist, in either direction. They
	 * stay open.
	 */
	public void blackHole() {
		this.connections.forEach(ProxiedConnection::blackHole);
	}

	/**
	 * Refuse new connections; those that exist go on.
	 */
	public synchronized void refuse() {
		if (this.listener != null) {
			this.listener.close();
			this.listener = null;
		}
	}

	/**
	 * Accept new connections again.
	 */
	public synchronized void accept() {
		if (this.listener == null && !this.closed) {
			listen(this.port);
		}
	}

	/**
	 * Make the network work again: accept connections, deliver again. Connections on
	 * which something was lost are reset; what faults hold is released; faults that have
	 * not fired are disarmed. The latency stays.
	 */
	public void heal() {
		disarm();
		this.connections.forEach(ProxiedConnection::heal);
		accept();
	}

	/**
	 * Arm a fault for the next statement of some kind, on whatever connection.
	 * @param fault what is to happen
	 * @param statement which statement, by its SQL
	 * @return the armed fault, to wait for it
	 */
	public ArmedFault arm(Fault fault, Predicate<String> statement) {
		ArmedFault armed = new ArmedFault(fault, statement, 1);
		this.faults.add(armed);
		return armed;
	}

	/**
	 * Let an observer see every request, and place a fault at it. It is called by the
	 * threads that serve the connections, before the request is forwarded.
	 * @param observer is given the statements that the request executes, which may be
	 * none, and returns what is to happen, or {@code null}
	 */
	public void observe(Function<List<String>, @Nullable ArmedFault> observer) {
		this.observer = observer;
	}

	/**
	 * Disarm the faults that have not fired and release what the others hold.
	 */
	public void disarm() {
		this.faults.forEach(ArmedFault::disarm);
		this.faults.clear();
	}

	private synchronized int listen(int requestedPort) {
		try {
			ServerSocket socket = new ServerSocket();
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), requestedPort), 512);
			Thread thread = startThread("fault-proxy-" + socket.getLocalPort(), () -> acceptFrom(socket));
			this.listener = new Listener(socket, thread);
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void acceptFrom(ServerSocket socket) {
		try {
			while (true) {
				Socket client = socket.accept();
				String name = "fault-proxy-%d-%d".formatted(this.port, this.connectionNumbers.incrementAndGet());
				startThread(name + "-from-client", () -> serve(client, name));
			}
		}
		catch (IOException ex) {
			if (!socket.isClosed()) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private void serve(Socket client, String name) {
		try {
			connect(client, name).run();
		}
		catch (IOException ex) {
			ProxiedConnection.close(client, true); // as if the server's host had refused
		}
	}

	private Runnable connect(Socket client, String name) throws IOException {
		BiConsumer<String, Runnable> threads = this::startThread;
		ProxiedConnection connection = ProxiedConnection.open(client, this.server, name, () -> this.latencyNanos,
				threads, this.connections::remove);
		Runnable frontend = new FrontendReader(connection, this::faultFor, this::observe);
		Runnable backend = new BackendReader(connection);
		this.connections.add(connection);
		if (this.closed) {
			connection.reset();
		}
		startThread(name + "-from-server", backend);
		return frontend;
	}

	private @Nullable ArmedFault observe(List<String> statements) {
		return this.observer.apply(statements);
	}

	private @Nullable ArmedFault faultFor(String sql) {
		for (ArmedFault armed : this.faults) {
			if (armed.takes(sql)) {
				return armed;
			}
		}
		return null;
	}

	private Thread startThread(String name, Runnable task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			finally {
				this.threads.remove(Thread.currentThread());
			}
		}, name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
		return thread;
	}

	/**
	 * Reset all connections, refuse new ones and wait until all threads have ended.
	 */
	@Override
	public void close() {
		this.closed = true;
		refuse();
		disarm();
		reset();
		this.threads.forEach(Thread::interrupt);
		this.threads.forEach(FaultProxy::join);
	}

	private static void join(Thread thread) {
		try {
			thread.join(PATIENCE.toMillis());
			if (thread.isAlive()) {
				throw new IllegalStateException("Thread " + thread.getName() + " did not end within " + PATIENCE);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public String toString() {
		return "FaultProxy[" + this.port + " -> " + this.server + "]";
	}

	/**
	 * A socket that listens, and the thread that accepts from it.
	 */
	private record Listener(ServerSocket socket, Thread thread) {

		void close() {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			// the system goes on listening until the thread has left its call
			join(this.thread);
		}

	}

}
