package io.github.resilientdb.autoconfigure.database;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Says each second, while start-up waits for a database, how long it has waited and why.
 */
public final class WaitProgress implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(WaitProgress.class);

	private final String beanName;

	private final Object address;

	private final String atMost;

	private final Supplier<String> reason;

	private final ScheduledExecutorService executor;

	private long seconds;

	/**
	 * Create a progress of which nothing is said yet.
	 * @param beanName the name of the DataSource bean
	 * @param address where its database is
	 * @param atMost how long is waited, as it is written
	 * @param reason why, as far as is known now
	 */
	public WaitProgress(String beanName, Object address, String atMost, Supplier<String> reason) {
		this.beanName = beanName;
		this.address = address;
		this.atMost = atMost;
		this.reason = reason;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("resilientdb-wait-");
		threads.setDaemon(true);
		this.executor = Executors.newSingleThreadScheduledExecutor(threads);
	}

	/**
	 * Begin to say it.
	 * @return this
	 */
	public WaitProgress begin() {
		var unused = this.executor.scheduleAtFixedRate(this::report, 1, 1, TimeUnit.SECONDS);
		return this;
	}

	void report() {
		this.seconds++;
		logger.atInfo()
			.addKeyValue("bean", this.beanName)
			.addKeyValue("waited", this.seconds)
			.log("Waiting for the database of DataSource '{}' at {}, {}s of {}: {}", this.beanName, this.address,
					this.seconds, this.atMost, this.reason.get());
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

}
