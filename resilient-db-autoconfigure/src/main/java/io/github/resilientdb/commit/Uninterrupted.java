package io.github.resilientdb.commit;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;

/**
 * Puts the interrupt flag of the current thread aside while a question is answered, and
 * back at the end. Otherwise an interrupt would turn an outcome that can be known into
 * one that is not.
 */
public final class Uninterrupted implements AutoCloseable {

	private boolean interrupted = Thread.interrupted();

	/**
	 * Put aside a flag that was set in the meantime: on a virtual thread it would close
	 * the next socket that is used.
	 */
	public void check() {
		this.interrupted |= Thread.interrupted();
	}

	public void pause(long nanos) {
		Deadline end = new Deadline(System.nanoTime() + nanos);
		for (long left = nanos; left > 0; left = end.remaining()) {
			try {
				TimeUnit.NANOSECONDS.sleep(left);
			}
			catch (InterruptedException ex) {
				this.interrupted = true;
			}
		}
	}

	public boolean lock(Lock lock, Deadline deadline) {
		while (true) {
			try {
				return lock.tryLock(Math.max(deadline.remaining(), 0), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				this.interrupted = true;
			}
		}
	}

	public boolean acquire(Semaphore semaphore, Deadline deadline) {
		while (true) {
			try {
				return semaphore.tryAcquire(Math.max(deadline.remaining(), 0), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				this.interrupted = true;
			}
		}
	}

	@Override
	public void close() {
		check();
		if (this.interrupted) {
			Thread.currentThread().interrupt();
		}
	}

}
