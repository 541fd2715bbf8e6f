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
	}

	/**
	 * Return whether the fault has had its effect: the client saw it, or was cut off.
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
		try {
			if (!this.fired.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new AssertionError("%s has not fired within %s".formatted(this.fault, timeout));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted before %s has fired".formatted(this.fault), ex);
		}
	}

	void markFired() {
		this.fired.countDown();
	}

}
