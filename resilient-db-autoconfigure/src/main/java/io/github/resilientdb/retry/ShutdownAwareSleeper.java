package io.github.resilientdb.retry;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * A {@link Sleeper} that wakes everyone when the context stops, before anything else is
 * stopped. A context that is started again, as after a checkpoint, sleeps again.
 */
public final class ShutdownAwareSleeper implements Sleeper, SmartLifecycle, DisposableBean {

	private volatile CountDownLatch shutdown = new CountDownLatch(1);

	@Override
	public boolean sleep(Duration delay) throws InterruptedException {
		return !this.shutdown.await(delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Override
	public boolean isShuttingDown() {
		return this.shutdown.getCount() == 0;
	}

	@Override
	public void start() {
		if (isShuttingDown()) {
			this.shutdown = new CountDownLatch(1);
		}
	}

	@Override
	public void stop() {
		this.shutdown.countDown();
	}

	@Override
	public void destroy() {
		stop();
	}

	@Override
	public boolean isRunning() {
		// Even before start(), so that it is stopped if it was created lazily
		return !isShuttingDown();
	}

	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

}
