package com.example.bank.trial;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Something that is broken at the moment.
 */
class Fault {

	private final CountDownLatch ending = new CountDownLatch(1);

	private final CountDownLatch over = new CountDownLatch(1);

	private volatile Supplier<String> progress = () -> "";

	/**
	 * Let it go on.
	 * @param time how long
	 * @return whether somebody wants it to end meanwhile
	 */
	boolean lasts(Duration time) throws InterruptedException {
		return this.ending.await(time.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Let it go on and count the seconds down.
	 */
	void countDown(Duration time) throws InterruptedException {
		long end = System.nanoTime() + time.toNanos();
		this.progress = () -> {
			long left = TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime() + 999_999_999);
			return (left > 0) ? left + " s left" : "";
		};
		lasts(time);
	}

	void progress(Supplier<String> progress) {
		this.progress = progress;
	}

	String progress() {
		return this.progress.get();
	}

	void end() {
		this.ending.countDown();
	}

	void over() {
		this.over.countDown();
	}

	void awaitOver() throws InterruptedException {
		this.over.await();
	}

	/**
	 * Breaks something, lets it be broken, and mends it.
	 */
	@FunctionalInterface
	interface Action {

		void run(Fault fault) throws Exception;

	}

}
