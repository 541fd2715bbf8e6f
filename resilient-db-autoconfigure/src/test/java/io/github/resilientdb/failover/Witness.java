package io.github.resilientdb.failover;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.watchdog.Watchdog;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Sees what a guarded pool goes through.
 */
final class Witness extends AppenderBase<ILoggingEvent> implements ConnectionPoolListener, AutoCloseable {

	private final Logger watchdog = (Logger) LoggerFactory.getLogger(Watchdog.class);

	private final AtomicInteger lookUps = new AtomicInteger();

	private volatile @Nullable Long foundAt;

	/**
	 * Attend to what happens from now on.
	 */
	void attend() {
		setContext(this.watchdog.getLoggerContext());
		start();
		this.watchdog.addAppender(this);
		this.foundAt = null;
	}

	@Override
	public void commitVerified(String pool, String outcome, Duration took) {
		this.lookUps.incrementAndGet();
	}

	/**
	 * The watchdog says that it ends a call.
	 */
	@Override
	protected void append(ILoggingEvent event) {
		found();
	}

	/**
	 * A proxy has ended a call. One that is in doubt is reported later, after it was
	 * looked up.
	 */
	@Override
	public void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
		if (phase == Phase.TRANSACTION || phase == Phase.COMMIT) {
			found();
		}
	}

	private synchronized void found() {
		if (this.foundAt == null) {
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
	 * Return when it was found that a call gets no answer.
	 * @return the time, {@code null} if it was not
	 */
	@Nullable Long foundAt() {
		return this.foundAt;
	}

	@Override
	public void close() {
		this.watchdog.detachAppender(this);
		stop();
	}

}
