package io.github.resilientdb.failover;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.resilientdb.ConnectionPoolListener;
import org.jspecify.annotations.Nullable;

/**
 * Sees what a guarded pool goes through.
 */
final class Witness implements ConnectionPoolListener {

	private final AtomicInteger lookUps = new AtomicInteger();

	private volatile @Nullable Long foundAt;

	/**
	 * Forget losses from before.
	 */
	void attend() {
		this.foundAt = null;
	}

	@Override
	public void commitVerified(String pool, String outcome, Duration took) {
		this.lookUps.incrementAndGet();
	}

	@Override
	public synchronized void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
		if (this.foundAt == null && (phase == Phase.TRANSACTION || phase == Phase.COMMIT)) {
			this.foundAt = System.nanoTime();
		}
	}

	/**
	 * Return how many lost COMMITs were looked up.
	 */
	int lookUps() {
		return this.lookUps.get();
	}

	/**
	 * Return when the first call lost its connection.
	 * @return the time, {@code null} if none has
	 */
	@Nullable Long foundAt() {
		return this.foundAt;
	}

}
