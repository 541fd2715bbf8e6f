package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A selector on which one thread at a time waits for one channel.
 * <p>
 * Channels stay registered, so that a thread that waits for the same one again finds it
 * so: most connections are used by one thread after the other. A channel that turns out
 * to be ready while its own thread waits elsewhere, or not at all, is let go.
 */
final class SharedSelector implements WaitingPlace {

	private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	private static final Consumer<SelectionKey> NO_ACTION = (key) -> {
	};

	private final Selector selector;

	private final AtomicBoolean taken = new AtomicBoolean(true);

	private final Consumer<SelectionKey> letOthersGo = this::letGoUnlessMine;

	// a channel was closed, and its descriptor lives until the selector takes notice
	private volatile boolean stale;

	private SelectionKey mine;

	/**
	 * Create a selector that is already taken.
	 * @param first the first channel that it serves
	 */
	SharedSelector(SocketChannel first) throws IOException {
		this.selector = first.provider().openSelector();
		try {
			this.mine = first.register(this.selector, 0);
		}
		catch (IOException | RuntimeException ex) {
			this.selector.close();
			throw ex;
		}
	}

	boolean take() {
		return !this.taken.get() && this.taken.compareAndSet(false, true);
	}

	@Override
	public void await(SocketChannel channel, int operations, long nanos) throws IOException {
		this.mine = register(channel, operations);
		boolean interrupted = Thread.interrupted();
		try {
			this.selector.select(this.letOthersGo, toMillis(nanos));
			interrupted |= Thread.interrupted();
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private SelectionKey register(SocketChannel channel, int operations) throws IOException {
		SelectionKey key = channel.keyFor(this.selector);
		if (key == null || !key.isValid()) {
			if (key != null) {
				this.selector.selectNow(NO_ACTION);
			}
			return channel.register(this.selector, operations);
		}
		if (key.interestOps() != operations) {
			key.interestOps(operations);
		}
		return key;
	}

	private void letGoUnlessMine(SelectionKey key) {
		if (key != this.mine) {
			key.cancel();
		}
	}

	@Override
	public void wakeUp() {
		this.selector.wakeup();
	}

	@Override
	public void leave(SocketChannel channel) throws IOException {
		if (!channel.isOpen()) {
			this.stale = true;
		}
		release();
	}

	private void release() throws IOException {
		do {
			if (this.stale) {
				this.stale = false;
				this.selector.selectNow(NO_ACTION);
			}
			this.taken.set(false);
		}
		while (this.stale && take());
	}

	boolean knows(SocketChannel channel) {
		return channel.keyFor(this.selector) != null;
	}

	/**
	 * Let a channel go that was closed: here at once, or by the thread that waits.
	 */
	void forgetClosed() throws IOException {
		this.stale = true;
		if (take()) {
			release();
		}
		else {
			this.selector.wakeup();
		}
	}

	/**
	 * Close the selector for good, if nobody waits on it.
	 * @return whether it was closed
	 */
	boolean closeIfFree() throws IOException {
		if (!take()) {
			return false;
		}
		this.selector.close();
		return true;
	}

	// rounded up: waking before the limit would spin; 0 is the selector's "no limit"
	private static long toMillis(long nanos) {
		if (nanos == Readiness.UNLIMITED) {
			return 0;
		}
		return Math.max(1, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
	}

}
