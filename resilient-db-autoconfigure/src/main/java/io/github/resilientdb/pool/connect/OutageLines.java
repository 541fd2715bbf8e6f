package io.github.resilientdb.pool.connect;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.OutageNews;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What the log says of an outage that begins, and of connections that are lost. One that
 * is not worth a line when it begins may be if it goes on.
 * <p>
 * Called by one thread at a time.
 */
final class OutageLines {

	private static final Logger logger = LoggerFactory.getLogger(Outage.class);

	private final Supplier<String> pool;

	private final LongSupplier nanoTime;

	private @Nullable Runnable unsaid;

	private long began;

	private @Nullable Long ended;

	OutageLines(Supplier<String> pool, LongSupplier nanoTime) {
		this.pool = pool;
		this.nanoTime = nanoTime;
	}

	/**
	 * An outage begins.
	 */
	void began(String reason, Throwable failure) {
		Runnable line = () -> log(reason, failure).log("Database of pool {} {} ({})", this.pool.get(),
				whatHappened(reason), reason);
		this.began = this.nanoTime.getAsLong();
		this.unsaid = line;
		goesOn();
	}

	/**
	 * It goes on.
	 */
	void goesOn() {
		Duration lasting = Duration.ofNanos(this.nanoTime.getAsLong() - this.began);
		if (this.unsaid != null && OutageNews.isWorthTelling(this.ended, this.began, lasting)) {
			this.unsaid.run();
			this.unsaid = null;
		}
	}

	/**
	 * It is over.
	 */
	void ended() {
		if (this.unsaid == null) {
			this.ended = this.nanoTime.getAsLong();
		}
		this.unsaid = null;
	}

	private static String whatHappened(String reason) {
		return switch (reason) {
			case "authentication", "connection-rejected" -> "rejects the login";
			case "no-such-database" -> "does not exist";
			default -> "can't be reached";
		};
	}

	/**
	 * Connections were lost.
	 */
	void lost(String reason, Throwable failure, Phase phase, int connections) {
		log(reason, failure).addKeyValue("phase", phase)
			.addKeyValue("connections", connections)
			.log("Pool {} lost a connection ({}); {} others will be checked before their next use", this.pool.get(),
					reason, connections);
	}

	private LoggingEventBuilder log(String reason, Throwable failure) {
		LoggingEventBuilder event = logger.atWarn().addKeyValue("pool", this.pool.get()).addKeyValue("reason", reason);
		return logger.isDebugEnabled() ? event.setCause(failure) : event;
	}

}
