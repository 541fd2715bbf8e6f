package com.example.bank.trial;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The threads that call one bank. Together they make so many calls a second, or fewer if
 * the answers take long: what is missed is not caught up.
 */
class Clients implements AutoCloseable {

	private final String name;

	private final Runnable call;

	private final @Nullable Thread[] threads = new @Nullable Thread[Load.MAX_THREADS];

	private int wanted;

	private long interval;

	private long nextSlot = System.nanoTime();

	Clients(String name, Runnable call) {
		this.name = name;
		this.call = call;
	}

	synchronized void work(Load load) {
		this.interval = Duration.ofSeconds(1).dividedBy(load.rate()).toNanos();
		this.wanted = load.threads();
		for (int place = 0; place < this.wanted; place++) {
			if (this.threads[place] == null) {
				this.threads[place] = start(place);
			}
		}
	}

	private Thread start(int place) {
		Thread thread = new Thread(() -> {
			while (!isDone(place)) {
				LockSupport.parkNanos(takeSlot() - System.nanoTime());
				if (isWanted(place)) {
					this.call.run();
				}
			}
		}, this.name + "-client-" + place);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private synchronized boolean isWanted(int place) {
		return place < this.wanted;
	}

	private synchronized boolean isDone(int place) {
		boolean done = !isWanted(place) || Thread.currentThread().isInterrupted();
		if (done) {
			this.threads[place] = null;
		}
		return done;
	}

	private synchronized long takeSlot() {
		long slot = Math.max(0, this.nextSlot - System.nanoTime()) + System.nanoTime();
		this.nextSlot = slot + this.interval;
		return slot;
	}

	/**
	 * Make no new calls.
	 */
	synchronized void pause() {
		this.wanted = 0;
	}

	/**
	 * Wait until all calls are answered.
	 * @param timeout how long
	 * @return whether they are
	 * @throws InterruptedException if the thread is interrupted
	 */
	boolean awaitIdle(Duration timeout) throws InterruptedException {
		long end = System.nanoTime() + timeout.toNanos();
		for (Thread thread : threads()) {
			TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, end - System.nanoTime()));
			if (thread.isAlive()) {
				return false;
			}
		}
		return true;
	}

	private synchronized List<Thread> threads() {
		return Arrays.stream(this.threads).filter(Objects::nonNull).toList();
	}

	@Override
	public void close() {
		pause();
		threads().forEach(Thread::interrupt);
	}

}
