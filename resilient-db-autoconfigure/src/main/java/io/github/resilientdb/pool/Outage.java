package io.github.resilientdb.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * The time from a first failure to the next success, reported once at each end. Its end
 * is logged by a listener, which knows what it cost.
 */
final class Outage {

	private static final Logger logger = LoggerFactory.getLogger(Outage.class);

	private final Supplier<String> pool;

	private final ConnectionPoolListener listener;

	private final AtomicReference<@Nullable Start> current = new AtomicReference<>();

	Outage(Supplier<String> pool, ConnectionPoolListener listener) {
		this.pool = pool;
		this.listener = listener;
	}

	void failed(String reason, Throwable failure) {
		if (begin(reason)) {
			log(reason, failure).log("Database of pool {} can't be reached ({})", this.pool.get(), reason);
		}
	}

	void failed(String reason, Throwable failure, Phase phase, int connections) {
		if (begin(reason)) {
			log(reason, failure).addKeyValue("phase", phase)
				.addKeyValue("connections", connections)
				.log("Pool {} lost a connection ({}); {} more must prove themselves or are discarded", this.pool.get(),
						reason, connections);
		}
	}

	private boolean begin(String reason) {
		if (this.current.get() != null || !this.current.compareAndSet(null, new Start(System.nanoTime()))) {
			return false;
		}
		this.listener.outageBegan(this.pool.get(), reason);
		return true;
	}

	private LoggingEventBuilder log(String reason, Throwable failure) {
		LoggingEventBuilder event = logger.atWarn().addKeyValue("pool", this.pool.get()).addKeyValue("reason", reason);
		return logger.isDebugEnabled() ? event.setCause(failure) : event;
	}

	void succeeded() {
		Start start = this.current.get();
		if (start == null || !this.current.compareAndSet(start, null)) {
			return;
		}
		Duration length = Duration.ofNanos(System.nanoTime() - start.nanoTime());
		this.listener.outageEnded(this.pool.get(), length);
	}

	private record Start(long nanoTime) {

	}

}
