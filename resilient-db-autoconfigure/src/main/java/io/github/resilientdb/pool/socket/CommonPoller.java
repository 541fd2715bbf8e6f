package io.github.resilientdb.pool.socket;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for any number of channels, on one thread that is there as long as it is needed.
 */
final class CommonPoller {

	private static final Logger logger = LoggerFactory.getLogger(CommonPoller.class);

	private static final long LINGER_MILLIS = 200;

	private final AtomicInteger present = new AtomicInteger();

	private final Object monitor = new Object();

	private final Consumer<Thread> starter;

	// guarded by the monitor, as the arrivals of a shift are
	private @Nullable Shift shift;

	CommonPoller() {
		this(Thread::start);
	}

	CommonPoller(Consumer<Thread> starter) {
		this.starter = starter;
	}

	WaitingPlace visit() {
		this.present.incrementAndGet();
		return new Visit();
	}

	private void submit(Visit visit) throws IOException {
		Shift shift;
		synchronized (this.monitor) {
			shift = this.shift;
			if (shift == null) {
				shift = new Shift(Selector.open());
				shift.start();
				this.shift = shift;
			}
			shift.arrivals.add(visit);
		}
		shift.selector.wakeup();
	}

	/**
	 * Let the thread look whether it is still needed, and whether channels were closed.
	 */
	void nudge() {
		synchronized (this.monitor) {
			if (this.shift != null) {
				this.shift.selector.wakeup();
			}
		}
	}

	@SuppressWarnings("unchecked")
	private static List<Visit> visits(SelectionKey key) {
		return (List<Visit>) key.attachment();
	}

	/**
	 * The life of one thread.
	 */
	private final class Shift implements Runnable {

		private final Selector selector;

		private final List<Visit> arrivals = new ArrayList<>();

		private final List<Visit> registered = new ArrayList<>();

		Shift(Selector selector) {
			this.selector = selector;
		}

		void start() throws IOException {
			Thread thread = new Thread(this, "resilientdb-poller");
			thread.setDaemon(true);
			thread.setContextClassLoader(null);
			boolean started = false;
			try {
				CommonPoller.this.starter.accept(thread);
				started = true;
			}
			finally {
				if (!started) {
					this.selector.close();
				}
			}
		}

		@Override
		public void run() {
			try (Selector selector = this.selector) {
				boolean idle = false;
				int ready = 0;
				while (registerArrivals(idle && ready == 0)) {
					idle = CommonPoller.this.present.get() == 0;
					ready = selector.select(this::ready, idle ? LINGER_MILLIS : 0);
				}
			}
			catch (IOException | RuntimeException ex) {
				logger.warn("Waiting for connections failed and starts anew", ex);
			}
			finally {
				end();
			}
		}

		private boolean registerArrivals(boolean idle) {
			List<Visit> arrived;
			synchronized (CommonPoller.this.monitor) {
				if (this.arrivals.isEmpty() && idle && CommonPoller.this.present.get() == 0) {
					CommonPoller.this.shift = null;
					return false;
				}
				arrived = new ArrayList<>(this.arrivals);
				this.arrivals.clear();
			}
			this.registered.removeIf((visit) -> visit.over);
			this.registered.addAll(arrived);
			arrived.forEach((visit) -> visit.register(this.selector));
			return true;
		}

		private void ready(SelectionKey key) {
			try {
				key.interestOps(0);
			}
			catch (CancelledKeyException ex) {
				// the channel was closed: whoever waits for it sees that
			}
			visits(key).forEach(Visit::wakeUp);
			visits(key).clear();
		}

		// those who are left look for themselves, and come back to another thread
		private void end() {
			synchronized (CommonPoller.this.monitor) {
				if (CommonPoller.this.shift == this) {
					CommonPoller.this.shift = null;
				}
				this.arrivals.forEach(Visit::wakeUp);
			}
			this.registered.forEach(Visit::wakeUp);
		}

	}

	/**
	 * A thread that waits for one channel, once.
	 */
	private final class Visit implements WaitingPlace {

		private final Thread thread = Thread.currentThread();

		private volatile boolean over;

		private @Nullable SocketChannel channel;

		private int operations;

		@Override
		public void await(SocketChannel channel, int operations, long nanos) throws IOException {
			this.channel = channel;
			this.operations = operations;
			submit(this);
			long start = System.nanoTime();
			boolean interrupted = false;
			while (!this.over && System.nanoTime() - start < nanos) {
				LockSupport.parkNanos(this, nanos - (System.nanoTime() - start));
				interrupted |= Thread.interrupted();
			}
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}

		void register(Selector selector) {
			SocketChannel channel = this.channel;
			if (this.over || channel == null) {
				return;
			}
			try {
				SelectionKey key = channel.keyFor(selector);
				if (key == null) {
					key = channel.register(selector, this.operations, new ArrayList<Visit>(1));
				}
				else {
					visits(key).removeIf((visit) -> visit.over);
					int others = visits(key).isEmpty() ? 0 : key.interestOps();
					key.interestOps(others | this.operations);
				}
				visits(key).add(this);
			}
			catch (ClosedChannelException | CancelledKeyException ex) {
				wakeUp();
			}
		}

		@Override
		public void wakeUp() {
			this.over = true;
			LockSupport.unpark(this.thread);
		}

		@Override
		public void leave(SocketChannel channel) {
			this.over = true;
			if (CommonPoller.this.present.decrementAndGet() == 0 || !channel.isOpen()) {
				nudge();
			}
		}

	}

}
