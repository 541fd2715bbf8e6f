package com.example.bank.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Stands on the loopback address between a bank and its PostgreSQL, and breaks the
 * network on request. What is encrypted passes through unread: no COMMIT is recognised
 * there.
 */
public final class FaultProxy implements AutoCloseable {

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	private final String host;

	private final int serverPort;

	private final ServerSocket listener;

	private final Set<Relay> relays = ConcurrentHashMap.newKeySet();

	private final Set<Relay> incomplete = new HashSet<>();

	private final ConcurrentLinkedDeque<CommitLoss> losses = new ConcurrentLinkedDeque<>();

	private final AtomicLong threads = new AtomicLong();

	private boolean silent;

	private volatile boolean encrypted;

	/**
	 * Put a proxy in front of a server.
	 * @param host the server's host
	 * @param serverPort the server's port
	 */
	public FaultProxy(String host, int serverPort) {
		this.host = host;
		this.serverPort = serverPort;
		try {
			this.listener = new ServerSocket(0, 512, LOOPBACK);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		inBackground(this::accept);
	}

	private void accept() throws IOException {
		while (true) {
			Socket client = this.listener.accept();
			Relay relay = new Relay(this, client);
			this.relays.add(relay);
			if (this.listener.isClosed()) {
				relay.reset();
			}
			inBackground(() -> {
				try {
					relay.run();
				}
				finally {
					this.relays.remove(relay);
				}
			});
		}
	}

	/**
	 * Lose something of the next COMMITs: each of their connections ends.
	 * @param loss what
	 * @param commits of how many COMMITs
	 */
	public void loseCommits(CommitLoss loss, int commits) {
		for (int i = 0; i < commits; i++) {
			this.losses.add(loss);
		}
	}

	/**
	 * Lose nothing more of COMMITs.
	 * @param loss what was to be lost
	 */
	public void spareCommits(CommitLoss loss) {
		this.losses.removeIf((planned) -> planned == loss);
	}

	/**
	 * Return of how many COMMITs something is still to be lost.
	 * @param loss what
	 * @return how many
	 */
	public int commitsToLose(CommitLoss loss) {
		return (int) this.losses.stream().filter((planned) -> planned == loss).count();
	}

	/**
	 * Deliver nothing any more, in either direction. Connections stay open.
	 */
	public synchronized void silence() {
		this.silent = true;
	}

	/**
	 * Deliver again. Connections of which something was swallowed are reset, as by a
	 * router that has forgotten them.
	 */
	public synchronized void heal() {
		this.silent = false;
		this.incomplete.forEach(Relay::reset);
		this.incomplete.clear();
	}

	/**
	 * Ask whether what was read is to be swallowed.
	 * @param relay the connection, which can't go on if so
	 * @return whether it is
	 */
	synchronized boolean swallows(Relay relay) {
		if (this.silent) {
			this.incomplete.add(relay);
		}
		return this.silent;
	}

	/**
	 * Return how many connections have lost something in the silence.
	 */
	synchronized int swallowed() {
		return this.incomplete.size();
	}

	/**
	 * Return the port on the loopback address.
	 * @return the port
	 */
	public int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Return the loopback address as it is written in a URL.
	 * @return the address
	 */
	public static String address() {
		return LOOPBACK.getHostAddress();
	}

	/**
	 * Return whether a connection was encrypted.
	 * @return whether COMMITs may go through unrecognised
	 */
	public boolean isEncrypted() {
		return this.encrypted;
	}

	String host() {
		return this.host;
	}

	int serverPort() {
		return this.serverPort;
	}

	void encrypted() {
		this.encrypted = true;
	}

	@Nullable CommitLoss takeLoss() {
		return this.losses.poll();
	}

	void inBackground(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// a connection, or the proxy itself, has ended
			}
		}, "fault-proxy-" + this.threads.incrementAndGet());
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.relays.forEach(Relay::reset);
	}

	interface Task {

		void run() throws IOException;

	}

}
