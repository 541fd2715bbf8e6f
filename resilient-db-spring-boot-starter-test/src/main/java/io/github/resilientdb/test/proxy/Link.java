package io.github.resilientdb.test.proxy;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

/**
 * One direction of a connection: what is sent arrives after the latency, in order, and
 * any number of packets can be under way. Sent by one thread; without latency that thread
 * delivers, too.
 */
final class Link {

	/**
	 * How long before its time a packet is waited for actively: the system wakes a thread
	 * this much too late.
	 */
	private static final long SPIN_NANOS = 80_000;

	private final String name;

	private final OutputStream output;

	private final LongSupplier latency;

	private final BiConsumer<String, Runnable> threads;

	private final BlockingQueue<Packet> queue = new LinkedBlockingQueue<>();

	private final AtomicInteger underWay = new AtomicInteger();

	private boolean started;

	private volatile boolean swallowing;

	private volatile boolean lossy;

	private volatile boolean broken;

	Link(String name, OutputStream output, LongSupplier latency, BiConsumer<String, Runnable> threads) {
		this.name = name;
		this.output = output;
		this.latency = latency;
		this.threads = threads;
	}

	void send(byte[] data, int offset, int length, long arrival) {
		long delay = this.latency.getAsLong();
		if (delay == 0 && this.underWay.get() == 0) {
			deliver(data, offset, length);
			return;
		}
		byte[] copy = Arrays.copyOfRange(data, offset, offset + length);
		enqueue(new Packet(arrival + delay, () -> deliver(copy, 0, length), false));
	}

	/**
	 * Do something at the other end when all that was sent has arrived; nothing can be
	 * sent afterwards.
	 */
	void finish(Runnable end) {
		long delay = this.latency.getAsLong();
		if (delay == 0 && this.underWay.get() == 0) {
			end.run();
			return;
		}
		enqueue(new Packet(System.nanoTime() + delay, end, true));
	}

	private void enqueue(Packet packet) {
		this.underWay.incrementAndGet();
		this.queue.add(packet);
		if (!this.started) {
			this.started = true;
			this.threads.accept(this.name, this::deliverQueue);
		}
	}

	private void deliverQueue() {
		boolean last = false;
		while (!last) {
			try {
				Packet packet = this.queue.take();
				awaitNanoTime(packet.due());
				packet.delivery().run();
				this.underWay.decrementAndGet();
				last = packet.last();
			}
			catch (InterruptedException ex) {
				return; // the proxy is being closed
			}
		}
	}

	private static void awaitNanoTime(long due) throws InterruptedException {
		long remaining = due - System.nanoTime();
		while (remaining > 0) {
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
			if (remaining > SPIN_NANOS) {
				LockSupport.parkNanos(remaining - SPIN_NANOS);
			}
			else {
				Thread.onSpinWait();
			}
			remaining = due - System.nanoTime();
		}
	}

	private void deliver(byte[] data, int offset, int length) {
		if (this.swallowing) {
			this.lossy = true;
		}
		else if (!this.broken) {
			write(data, offset, length);
		}
	}

	private void write(byte[] data, int offset, int length) {
		try {
			this.output.write(data, offset, length);
		}
		catch (IOException ex) {
			// whoever reads from the same socket learns it too and ends the connection
			this.broken = true;
		}
	}

	void swallow(boolean swallow) {
		this.swallowing = swallow;
	}

	boolean isSwallowing() {
		return this.swallowing;
	}

	/**
	 * Return whether anything was swallowed: the stream can't go on then.
	 */
	boolean isLossy() {
		return this.lossy;
	}

	private record Packet(long due, Runnable delivery, boolean last) {
	}

}
