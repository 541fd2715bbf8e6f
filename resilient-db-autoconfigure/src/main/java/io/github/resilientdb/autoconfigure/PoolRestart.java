package io.github.resilientdb.autoconfigure;

import io.github.resilientdb.autoconfigure.GuardedPools.GuardedPool;

import org.springframework.context.SmartLifecycle;

/**
 * Sees to it that a context that was stopped and is started again, as around a
 * checkpoint, uses no connection from before: their servers have long given them up.
 */
final class PoolRestart implements SmartLifecycle {

	private final GuardedPools pools;

	private boolean stopped;

	private boolean running;

	PoolRestart(GuardedPools pools) {
		this.pools = pools;
	}

	@Override
	public synchronized void start() {
		if (this.stopped) {
			this.pools.all().forEach(PoolRestart::discardConnections);
		}
		this.running = true;
	}

	private static void discardConnections(GuardedPool pool) {
		if (!pool.dataSource().isClosed()) {
			pool.operations().invalidate("restarted");
		}
	}

	@Override
	public synchronized void stop() {
		this.stopped = true;
		this.running = false;
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/**
	 * Before anything that may use a connection.
	 */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

}
