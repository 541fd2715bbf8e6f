package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.github.resilientdb.watchdog.WaitingCall;
import org.jspecify.annotations.Nullable;

/**
 * Notices connections without a socket of ours that have been lent for long: what is done
 * with them can't be seen, so each may hang. Costs nothing when they are lent or used;
 * one thread looks at them from time to time, from the first on.
 */
final class LeaseWatch implements AutoCloseable {

	private final Supplier<@Nullable String> pool;

	private final long after;

	private final Collection<GuardedConnection> connections;

	private final Consumer<WaitingCall> onLongLease;

	// what was lent at the last look, and whether that was told
	private Map<Connection, Boolean> lent = Map.of();

	private @Nullable Thread thread;

	private boolean closed;

	/**
	 * Create the watch of a pool.
	 * @param pool the name of the pool
	 * @param after how long a lease may last before it counts as long, in nanoseconds
	 * @param connections all connections of the pool
	 * @param onLongLease told of a connection that has been lent for longer
	 */
	LeaseWatch(Supplier<@Nullable String> pool, long after, Collection<GuardedConnection> connections,
			Consumer<WaitingCall> onLongLease) {
		this.pool = pool;
		this.after = Math.max(after, TimeUnit.MILLISECONDS.toNanos(1));
		this.connections = connections;
		this.onLongLease = onLongLease;
	}

	/**
	 * There are connections to look at.
	 */
	synchronized void begin() {
		if (this.thread == null && !this.closed) {
			Thread thread = new Thread(this::run, this.pool.get() + " lease watch");
			thread.setDaemon(true);
			this.thread = thread;
			thread.start();
		}
	}

	private void run() {
		try {
			while (pause()) {
				look();
			}
		}
		catch (InterruptedException ex) {
			// nobody interrupts this thread
		}
	}

	private synchronized boolean pause() throws InterruptedException {
		long until = System.nanoTime() + this.after;
		for (long left = this.after; left > 0 && !this.closed; left = until - System.nanoTime()) {
			TimeUnit.NANOSECONDS.timedWait(this, left);
		}
		return !this.closed;
	}

	/**
	 * Tell of each connection that was lent at the last look too, once.
	 */
	void look() {
		Map<Connection, Boolean> lent = new IdentityHashMap<>();
		for (GuardedConnection connection : this.connections) {
			Connection lease = connection.session().life().lease();
			if (connection.session().wire() == null && lease != null && connection.isLent()) {
				Boolean told = this.lent.get(lease);
				if (Boolean.FALSE.equals(told)) {
					this.onLongLease.accept(new LongLease(connection, lease));
				}
				lent.put(lease, told != null);
			}
		}
		this.lent = lent;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		notifyAll();
	}

}
