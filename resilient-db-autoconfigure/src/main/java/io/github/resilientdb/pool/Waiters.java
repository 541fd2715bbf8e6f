package io.github.resilientdb.pool;

import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Who waits within HikariCP for a connection. HikariCP lets nobody go before time is up;
 * an interrupt does.
 */
final class Waiters {

	private final Set<Waiter> waiting = ConcurrentHashMap.newKeySet();

	Waiter enter() {
		Waiter waiter = new Waiter(Thread.currentThread());
		this.waiting.add(waiter);
		return waiter;
	}

	/**
	 * Let everyone go who is waiting now.
	 * @param reason why there will be no connection
	 */
	void dismiss(SQLException reason) {
		this.waiting.forEach((waiter) -> waiter.dismiss(reason));
	}

	/**
	 * A thread that waits.
	 */
	final class Waiter {

		private final Thread thread;

		private @Nullable SQLException reason;

		private boolean gone;

		Waiter(Thread thread) {
			this.thread = thread;
		}

		private synchronized void dismiss(SQLException reason) {
			if (!this.gone && this.reason == null) {
				this.reason = reason;
				this.thread.interrupt();
			}
		}

		/**
		 * Wait no longer. The interrupt, if there was one, has arrived by then, and is
		 * taken back.
		 * @return why the wait was ended, {@code null} if it was not
		 */
		synchronized @Nullable SQLException leave() {
			Waiters.this.waiting.remove(this);
			if (!this.gone && this.reason != null) {
				Thread.interrupted();
			}
			this.gone = true;
			return this.reason;
		}

	}

}
