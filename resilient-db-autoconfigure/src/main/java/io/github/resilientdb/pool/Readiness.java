package io.github.resilientdb.pool;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Waits until a non-blocking channel is ready, without being disturbed by interrupts.
 * <p>
 * A selector returns at once while the interrupt flag is set, and a blocking channel is
 * even closed. So the flag is put aside while waiting and is set again afterwards: as
 * with plain sockets, an interrupt neither ends nor breaks the operation.
 */
final class Readiness implements Closeable {

	static final long UNLIMITED = Long.MAX_VALUE;

	private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private static final Consumer<SelectionKey> NO_ACTION = (key) -> {
	};

	private final Selector selector;

	private final SelectionKey key;

	private int operations;

	private volatile boolean inUse;

	private volatile boolean closed;

	Readiness(SocketChannel channel, int operations) throws IOException {
		this.selector = channel.provider().openSelector();
		this.operations = operations;
		try {
			this.key = channel.register(this.selector, operations);
		}
		catch (IOException | RuntimeException ex) {
			this.selector.close();
			throw ex;
		}
	}

	/**
	 * Choose the operations that later calls look for.
	 * @param operations the bits of {@link SelectionKey}
	 */
	void watch(int operations) {
		if (this.operations != operations) {
			this.key.interestOps(operations);
			this.operations = operations;
		}
	}

	/**
	 * Announce a wait: from here on {@link #wakeUp()} and {@link #close()} are noticed.
	 */
	void enter() {
		this.inUse = true;
	}

	/**
	 * Wait for readiness; may return earlier, so look again in a loop.
	 * @param nanos how long to wait at most, or {@link #UNLIMITED}
	 */
	void await(long nanos) throws IOException {
		boolean interrupted = Thread.interrupted();
		try {
			this.selector.select(NO_ACTION, toMillis(nanos));
			interrupted |= Thread.interrupted();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	void leave() throws IOException {
		this.inUse = false;
		if (this.closed) {
			this.selector.close();
		}
	}

	boolean isReady() throws IOException {
		return this.selector.selectNow(NO_ACTION) > 0;
	}

	void wakeUp() {
		if (this.inUse) {
			this.selector.wakeup();
		}
	}

	/**
	 * Close without waiting for the thread that waits: it does the rest when it leaves,
	 * since the selector's own {@code close} would wait for it.
	 */
	@Override
	public void close() throws IOException {
		this.closed = true;
		if (this.inUse) {
			this.selector.wakeup();
		}
		else {
			this.selector.close();
		}
	}

	// rounded up: waking before the limit would spin; 0 is the selector's "no limit"
	private static long toMillis(long nanos) {
		if (nanos == UNLIMITED) {
			return 0;
		}
		return Math.max(1, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
	}

}
