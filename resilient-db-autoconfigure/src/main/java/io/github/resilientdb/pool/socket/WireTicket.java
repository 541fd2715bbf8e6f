package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.net.SocketException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * Ties one connect attempt to the socket that it ends up with.
 * <p>
 * A driver creates its socket factory by reflection, may try several hosts, start over
 * for TLS, work on another thread, and open further sockets much later to cancel a
 * statement. The ticket's token, given to the driver as {@code socketFactoryArg}, says
 * which attempt a factory belongs to. Always close the ticket: an attempt that was not
 * redeemed by then is given up, and its socket closed.
 */
public final class WireTicket implements AutoCloseable {

	// static because the driver gives us nothing but a string; holds attempts under way
	private static final Map<String, WireTicket> UNDER_WAY = new ConcurrentHashMap<>();

	private final String token = newToken();

	private final long connectDeadline;

	// how long the server may be silent, in nanoseconds
	private final long patience;

	private volatile boolean silent;

	private boolean answered;

	private Phase phase = Phase.CONNECTING;

	private @Nullable WireSocket latest;

	private WireTicket(long connectDeadline, long patience) {
		this.connectDeadline = connectDeadline;
		this.patience = patience;
	}

	/**
	 * Begin a connect attempt.
	 * @param connectDeadline when the attempt as a whole, over all hosts and including
	 * TLS and authentication, fails, in terms of {@link System#nanoTime()}
	 * @return the ticket, to be closed when the attempt is over
	 */
	public static WireTicket issue(long connectDeadline) {
		return issue(connectDeadline, Long.MAX_VALUE);
	}

	/**
	 * Begin a connect attempt that ends when the server is silent.
	 * @param connectDeadline when the attempt as a whole fails
	 * @param patience how long the server may be silent, in nanoseconds
	 * @return the ticket, to be closed when the attempt is over
	 */
	public static WireTicket issue(long connectDeadline, long patience) {
		WireTicket ticket = new WireTicket(connectDeadline, patience);
		UNDER_WAY.put(ticket.token, ticket);
		return ticket;
	}

	// No secret: a SecureRandom would only make the application start later
	private static String newToken() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return new UUID(random.nextLong(), random.nextLong()).toString();
	}

	static WireTicket of(String token) {
		WireTicket ticket = UNDER_WAY.get(token);
		if (ticket == null) {
			throw new IllegalArgumentException("No connect attempt is under way for token '%s'".formatted(token));
		}
		return ticket;
	}

	public static int underWay() {
		return UNDER_WAY.size();
	}

	public String token() {
		return this.token;
	}

	/**
	 * Declare the attempt successful, which lifts its deadline.
	 * @return the socket of the connection, or {@code null} if the driver made none
	 */
	public synchronized @Nullable WireSocket redeem() {
		if (this.phase != Phase.CONNECTING) {
			throw new IllegalStateException("The connect attempt is over (%s)".formatted(this.phase));
		}
		this.phase = Phase.ESTABLISHED;
		WireSocket socket = this.latest;
		this.latest = null;
		if (socket != null) {
			socket.clearDeadline();
		}
		return socket;
	}

	/**
	 * Return the socket that the driver uses now.
	 */
	public synchronized @Nullable WireSocket socket() {
		return this.latest;
	}

	/**
	 * Return whether the attempt failed because the server was silent.
	 */
	public boolean wasSilent() {
		return this.silent;
	}

	/**
	 * Return whether a byte came from the server, over all sockets of an attempt that is
	 * over.
	 */
	public synchronized boolean wasAnswered() {
		return this.answered;
	}

	synchronized WireSocket createSocket() throws IOException {
		if (this.phase == Phase.ABANDONED) {
			throw new SocketException("The connect attempt was given up");
		}
		WireSocket socket = new WireSocket();
		if (this.phase == Phase.CONNECTING) {
			noteAnswer();
			limit(socket);
			this.latest = socket;
		}
		return socket;
	}

	private void limit(WireSocket socket) {
		long now = System.nanoTime();
		if (this.patience >= this.connectDeadline - now) {
			socket.deadline(this.connectDeadline);
			return;
		}
		socket.deadline(now + this.patience, () -> {
			long extended = socket.heardAt() + this.patience;
			this.silent = extended - System.nanoTime() <= 0;
			return (extended - this.connectDeadline < 0) ? extended : this.connectDeadline;
		});
	}

	@Override
	public synchronized void close() {
		UNDER_WAY.remove(this.token);
		if (this.phase == Phase.CONNECTING) {
			this.phase = Phase.ABANDONED;
		}
		if (this.latest != null) {
			noteAnswer();
			this.latest.closeNow();
			this.latest = null;
		}
	}

	private void noteAnswer() {
		this.answered |= this.latest != null && this.latest.hasReceived();
	}

	private enum Phase {

		CONNECTING, ESTABLISHED, ABANDONED

	}

}
