package io.github.resilientdb.pool.socket;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A TCP connection whose every wait is bounded by a deadline, can be ended from outside,
 * and is deaf to interrupts.
 * <p>
 * The channel never blocks; reading, writing and connecting try first and wait for
 * {@link Readiness} if they must. Failures are those of plain sockets.
 */
final class Wire implements Closeable {

	// as the JDK does: a direct buffer of this size stays with each thread that reads
	private static final int MAX_CHUNK = 128 * 1024;

	private final SocketChannel channel;

	private final WaitingPlaces places = WaitingPlaces.SHARED;

	private final Readiness input;

	private final Readiness output;

	private final AtomicBoolean closed = new AtomicBoolean();

	private final LookAhead ahead;

	private final WireDeadline deadline = new WireDeadline();

	private final WireTraffic traffic = new WireTraffic();

	private final WireFailures failures = new WireFailures();

	private volatile boolean inputShutDown;

	Wire() throws IOException {
		this.channel = SocketChannel.open();
		try {
			this.channel.configureBlocking(false);
		}
		catch (IOException ex) {
			this.channel.close();
			throw ex;
		}
		this.input = new Readiness(this.channel, this.places);
		this.output = new Readiness(this.channel, this.places);
		this.ahead = new LookAhead(this.channel);
		this.places.opened();
	}

	SocketChannel channel() {
		return this.channel;
	}

	boolean isClosed() {
		return !this.channel.isOpen();
	}

	WireTraffic traffic() {
		return this.traffic;
	}

	void deadline(long nanoTime, @Nullable LongSupplier extension) {
		this.deadline.set(nanoTime, extension);
		this.input.wakeUp();
		this.output.wakeUp();
	}

	long heardAt() {
		return this.deadline.heardAt();
	}

	/**
	 * Close the connection from any thread.
	 * @param reason why, as the failure of the thread that waits says it
	 */
	void cut(String reason) throws IOException {
		this.failures.cut(reason);
		close();
	}

	@Nullable String cutReason() {
		return this.failures.cutReason();
	}

	boolean isReadable() {
		return this.ahead.look();
	}

	void connect(InetSocketAddress address, int timeoutMillis) throws IOException {
		try {
			if (address.isUnresolved()) {
				throw new UnknownHostException(address.getHostName());
			}
			checkDeadline();
			long limit = WireDeadline.in(timeoutMillis);
			if (!this.channel.connect(address)) {
				while (!this.channel.finishConnect()) {
					await(this.input, SelectionKey.OP_CONNECT, limit, "Connect timed out");
				}
			}
			this.deadline.heard();
		}
		catch (IOException | RuntimeException ex) {
			close();
			throw this.failures.translate(ex);
		}
	}

	/**
	 * As with the JDK's sockets, 0 once the input is shut down: JSSE shuts it down, asks,
	 * and would leave the socket open after an exception.
	 */
	int available() throws IOException {
		try {
			if (this.inputShutDown) {
				return 0;
			}
			return this.ahead.available();
		}
		catch (IOException | RuntimeException ex) {
			throw this.failures.translate(ex);
		}
	}

	void shutdownInput() throws IOException {
		this.channel.shutdownInput();
		this.inputShutDown = true;
	}

	int read(byte[] bytes, int offset, int length) throws IOException {
		try {
			checkDeadline();
			ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, Math.min(length, MAX_CHUNK));
			int count = this.traffic.reading() ? this.ahead.read(buffer) : 0;
			if (count == 0 && length > 0) {
				count = awaitBytes(buffer);
			}
			if (count > 0) {
				this.traffic.received();
			}
			this.deadline.heard();
			return count;
		}
		catch (IOException | RuntimeException ex) {
			throw this.failures.translate(ex);
		}
	}

	private int awaitBytes(ByteBuffer buffer) throws IOException {
		long limit = WireDeadline.in(this.traffic.readTimeout());
		int count;
		try {
			do {
				await(this.input, SelectionKey.OP_READ, limit, "Read timed out");
				count = this.ahead.read(buffer);
			}
			while (count == 0);
		}
		finally {
			this.traffic.waited();
		}
		return count;
	}

	void write(byte[] bytes, int offset, int length) throws IOException {
		try {
			checkDeadline();
			this.traffic.sending();
			int end = offset + length;
			int position = offset;
			while (position < end) {
				ByteBuffer buffer = ByteBuffer.wrap(bytes, position, Math.min(end - position, MAX_CHUNK));
				int count = this.channel.write(buffer);
				if (count == 0) {
					await(this.output, SelectionKey.OP_WRITE, WireDeadline.NEVER, "Write timed out");
				}
				else {
					this.traffic.waited();
				}
				position += count;
			}
			this.traffic.sent();
		}
		catch (IOException | RuntimeException ex) {
			throw this.failures.translate(ex);
		}
	}

	/**
	 * Close the connection from any thread, without waiting for anyone.
	 */
	@Override
	public void close() throws IOException {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		try {
			this.places.close(this.channel);
		}
		finally {
			this.input.wakeUp();
			this.output.wakeUp();
		}
	}

	private void await(Readiness readiness, int operations, long limit, String message) throws IOException {
		readiness.enter();
		try {
			checkDeadline();
			if (operations == SelectionKey.OP_READ && this.ahead.isReady()) {
				return; // whoever was asked to extend the deadline has looked
			}
			long now = System.nanoTime();
			long remaining = WireDeadline.remaining(limit, now);
			if (remaining <= 0) {
				throw new SocketTimeoutException(message);
			}
			readiness.await(operations,
					Math.min(this.traffic.waiting(now), Math.min(remaining, this.deadline.remaining(now))));
		}
		finally {
			readiness.leave();
		}
	}

	private void checkDeadline() throws IOException {
		if (!this.failures.isExpired() && this.deadline.hasPassed()) {
			this.failures.expired();
			close();
			throw WireFailures.deadlineExceeded();
		}
	}

}
