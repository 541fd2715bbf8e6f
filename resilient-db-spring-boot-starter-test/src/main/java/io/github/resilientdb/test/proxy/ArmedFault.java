package io.github.resilientdb.test.proxy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A fault that waits for its statement, and tells what became of it. It fires once.
 */
public final class ArmedFault {

	private final Fault fault;

	private final Predicate<String> statement;

	private final CountDownLatch fired = new CountDownLatch(1);

	private final CountDownLatch answered = new CountDownLatch(1);

	private final CountDownLatch released = new CountDownLatch(1);

	private int remaining;

	ArmedFault(Fault fault, Predicate<String> statement, int occurrence) {
		if (occurrence < 1) {
			throw new IllegalArgumentException("Invalid occurrence (" + occurrence + "): must be positive");
		}
		this.fault = fault;
		this.statement = statement;
		this.remaining = occurrence;
	}

	/**
	 * Return a fault for an observer of requests to place where it likes.
	 * @param fault what is to happen
	 * @return the fault, armed for nothing else
	 */
	public static ArmedFault of(Fault fault) {
		return new ArmedFault(fault, (sql) -> false, 1);
	}

	/**
	 * Place the fault at the request that an observer is asked about.
	 * @return this
	 */
	public synchronized ArmedFault take() {
		this.remaining = 0;
		return this;
	}

	Fault fault() {
		return this.fault;
	}

	/**
	 * Return whether this execution of a statement is the one: true once at most.
	 */
	synchronized boolean takes(String sql) {
		return this.remaining > 0 && this.statement.test(sql) && --this.remaining == 0;
	}

	/**
	 * Return whether its statement has come.
	 * @return whether it fires or has fired
	 */
	public synchronized boolean isTaken() {
		return this.remaining == 0;
	}

	synchronized void disarm() {
		this.remaining = 0;
		release();
	}

	/**
	 * Return whether the fault has had its effect: the client was cut off, or the
	 * statement is held.
	 * @return whether it fired
	 */
	public boolean isFired() {
		return this.fired.getCount() == 0;
	}

	/**
	 * Wait until the fault has had its effect.
	 * @param timeout how long
	 * @throws AssertionError if it did not fire in time
	 */
	public void await(Duration timeout) {
		await(this.fired, timeout, "fired");
	}

	/**
	 * Wait until the server has answered the statement, whatever became of the answer.
	 * @param timeout how long
	 * @throws AssertionError if the server did not answer in time
	 */
	public void awaitAnswered(Duration timeout) {
		await(this.answered, timeout, "been answered by the server");
	}

	private void await(CountDownLatch latch, Duration timeout, String what) {
		try {
			if (!latch.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new AssertionError("%s has not %s within %s".formatted(this.fault, what, timeout));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted before %s has %s".formatted(this.fault, what), ex);
		}
	}

	/**
	 * Let what is held go on. Does nothing for faults that hold nothing.
	 */
	public void release() {
		this.released.countDown();
	}

	void markFired() {
		this.fired.countDown();
	}

	void markAnswered() {
		this.answered.countDown();
	}

	void awaitRelease() throws InterruptedException {
		this.released.await();
	}

}
