package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy in front of a PostgreSQL server that breaks the network: at any moment, or
 * at exactly one statement. It follows the protocol, so it recognises a statement also
 * when it is executed as a prepared one. Connections that clients encrypt pass through
 * unread; faults armed for a statement don't fire there.
 * <p>
 * While the server is down, a client is let in and gets a connection reset. Safe to use
 * from several threads.
 */
public class FaultProxy implements AutoCloseable {

	private final ServerAddress server;

	private final ClientSide clientSide;

	private final ProxyListener listener;

	private final ProxiedConnections connections = new ProxiedConnections();

	private final ProxyThreads threads = new ProxyThreads();

	private final ArmedFaults faults = new ArmedFaults();

	private final TrafficCounter traffic = new TrafficCounter();

	private final AtomicLong connectionNumbers = new AtomicLong();

	private volatile long latencyNanos;

	private volatile Function<List<String>, @Nullable ArmedFault> observer = (statements) -> null;

	/**
	 * Put a proxy in front of a server; it accepts connections at once.
	 * @param host the server's host
	 * @param port the server's port
	 * @param encryption whether to speak TLS with the server, whose certificate is not
	 * checked
	 * @param clientSide what is done with clients first
	 */
	public FaultProxy(String host, int port, Encryption encryption, ClientSide clientSide) {
		this.server = new ServerAddress(host, port, encryption);
		this.clientSide = clientSide;
		this.listener = new ProxyListener(this.threads, this::startServing);
		this.listener.accept();
	}

	/**
	 * Return the port on the loopback address, which does not change.
	 */
	public final int port() {
		return this.listener.port();
	}

	/**
	 * Delay everything that is sent from now on.
	 * @param latency the delay in each direction; TCP's handshake has none
	 */
	public final void latency(Duration latency) {
		if (latency.isNegative()) {
			throw new IllegalArgumentException("Invalid latency (" + latency + "): must not be negative");
		}
		this.latencyNanos = latency.toNanos();
	}

	/**
	 * End all connections: both sides see an orderly end (FIN).
	 */
	public final void cut() {
		this.connections.forEach(ProxiedConnection::cut);
	}

	/**
	 * Reset all connections: clients get RST, the server sees an orderly end.
	 */
	public final void reset() {
		this.connections.forEach(ProxiedConnection::reset);
	}

	/**
	 * End all connections on the clients' side; their sessions on the server stay open
	 * until {@link #heal()}.
	 */
	public final void halfOpen() {
		this.connections.forEach(ProxiedConnection::cutClient);
	}

	/**
	 * Deliver nothing any more on the connections that exist, in either direction. They
	 * stay open.
	 */
	public final void blackHole() {
		this.connections.forEach(ProxiedConnection::blackHole);
	}

	/**
	 * Deliver nothing on new connections, which are accepted; those that exist go on.
	 */
	public final void blackHoleNewConnections() {
		this.connections.swallowNew();
	}

	/**
	 * Refuse new connections; those that exist go on.
	 */
	public final void refuse() {
		this.listener.refuse();
	}

	/**
	 * Accept new connections again.
	 */
	public final void accept() {
		this.listener.accept();
	}

	/**
	 * Make the network work again. Connections on which something was lost are reset;
	 * what faults hold is released; the others are disarmed. The latency stays.
	 */
	public final void heal() {
		disarm();
		this.connections.heal();
		accept();
	}

	/**
	 * Arm a fault for the n-th statement of some kind from now on, on whatever
	 * connection.
	 * @param fault what is to happen
	 * @param statement which statement, by its SQL
	 * @param occurrence which of them: 1 is the next
	 * @return the armed fault, to wait for it
	 */
	public final ArmedFault arm(Fault fault, Predicate<String> statement, int occurrence) {
		return this.faults.arm(fault, statement, occurrence);
	}

	/**
	 * Let an observer see every request before it is forwarded, and place a fault at it.
	 * Several threads call it.
	 * @param observer is given the statements that the request executes, which may be
	 * none, and returns what is to happen, or {@code null}
	 */
	public final void observe(Function<List<String>, @Nullable ArmedFault> observer) {
		this.observer = observer;
	}

	/**
	 * Disarm the faults that have not fired, and release what others hold.
	 */
	public final void disarm() {
		this.faults.disarm();
	}

	/**
	 * Return the faults, fired or not, that were armed since the last {@link #disarm()}.
	 */
	protected final List<ArmedFault> faults() {
		return this.faults.all();
	}

	/**
	 * Return what has gone through.
	 */
	public final Traffic traffic() {
		return this.traffic.snapshot();
	}

	/**
	 * Return what tells whether the connections that exist now have ended on both sides.
	 */
	public final BooleanSupplier endOfConnections() {
		return this.connections.end();
	}

	/**
	 * Return how many connections are open on at least one side.
	 */
	public final int openConnections() {
		return this.connections.count();
	}

	private void startServing(Socket client) {
		String name = "fault-proxy-%d-%d".formatted(port(), this.connectionNumbers.incrementAndGet());
		this.traffic.countConnection();
		this.threads.start(name + "-from-client", () -> serve(client, name));
	}

	private void serve(Socket client, String name) {
		if (this.connections.isSwallowingNew()) {
			this.connections.strand(client);
			return;
		}
		try {
			connect(this.clientSide.accept(client), name).run();
		}
		catch (IOException ex) {
			ProxiedConnection.close(client, true); // as if the server's host had refused
		}
	}

	private Runnable connect(Socket client, String name) throws IOException {
		ProxiedConnection connection = ProxiedConnection.open(client, this.server, name, () -> this.latencyNanos,
				this.threads::start, this.connections::remove);
		Runnable frontend = new FrontendReader(connection, this.traffic, this.faults::at,
				(statements) -> this.observer.apply(statements));
		Runnable backend = new BackendReader(connection, this.traffic);
		this.connections.add(connection);
		this.threads.start(name + "-from-server", backend);
		return frontend;
	}

	/**
	 * Reset all connections, refuse new ones and wait until all threads have ended.
	 */
	@Override
	public final void close() {
		this.connections.close();
		this.listener.close();
		disarm();
		this.threads.end();
	}

	@Override
	public final String toString() {
		return "FaultProxy[" + port() + " -> " + this.server + "]";
	}

}
