package io.github.resilientdb.observe;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.github.resilientdb.CallName;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.OutageNews;
import io.github.resilientdb.RetryableCallListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs the end of an outage, with what it cost the calls of the application. A call does
 * not know its pool: while several pools are out, it counts for each of them. A short
 * outage that soon follows another one is not worth a line, as its beginning was not.
 */
public final class OutageLog implements ConnectionPoolListener, RetryableCallListener {

	private static final Logger logger = LoggerFactory.getLogger(OutageLog.class);

	private final Map<String, Cost> costs = new ConcurrentHashMap<>();

	private final Map<String, Long> said = new ConcurrentHashMap<>();

	private final LongSupplier nanoTime;

	public OutageLog() {
		this(System::nanoTime);
	}

	OutageLog(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	@Override
	public void outageBegan(String pool, String reason) {
		this.costs.put(pool, new Cost());
	}

	@Override
	public void outageEnded(String pool, Duration length) {
		Cost removed = this.costs.remove(pool);
		Cost cost = (removed != null) ? removed : new Cost();
		logger.atLevel(isWorthALine(pool, length) ? Level.INFO : Level.DEBUG)
			.addKeyValue("pool", pool)
			.addKeyValue("length", length)
			.addKeyValue("rerun", cost.rerun.get())
			.addKeyValue("waited", cost.waited.get())
			.addKeyValue("failed", cost.failed.get())
			.log("Database of pool {} answers again, {} ms after the first failure; "
					+ "retryable calls until then: {} rerun, {} waited, {} failed", pool, length.toMillis(), cost.rerun,
					cost.waited, cost.failed);
	}

	private boolean isWorthALine(String pool, Duration length) {
		long now = this.nanoTime.getAsLong();
		if (!OutageNews.isWorthTelling(this.said.get(pool), now - length.toNanos(), length)) {
			return false;
		}
		this.said.put(pool, now);
		return true;
	}

	@Override
	public void outageAbandoned(String pool) {
		this.costs.remove(pool);
	}

	@Override
	public RunningCall callStarting(CallName call, String label) {
		return new CallCost();
	}

	private void count(Consumer<Cost> change) {
		if (!this.costs.isEmpty()) {
			this.costs.values().forEach(change);
		}
	}

	private static final class Cost {

		private final AtomicInteger rerun = new AtomicInteger();

		private final AtomicInteger waited = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

	}

	private final class CallCost implements RunningCall {

		private boolean rerun;

		private boolean waited;

		@Override
		public void attemptFailed(FailedAttempt attempt) {
			if (attempt.waiting() && !this.waited) {
				this.waited = true;
				count((cost) -> cost.waited.incrementAndGet());
			}
			if (isLoss(attempt) && attempt.willBeRerun() && !this.rerun) {
				this.rerun = true;
				count((cost) -> cost.rerun.incrementAndGet());
			}
		}

		private static boolean isLoss(FailedAttempt attempt) {
			return !attempt.waiting() && attempt.kind().equals("disconnect");
		}

		@Override
		public void failed(String outcome, int attempts, Throwable failure) {
			if (!outcome.equals("error")) {
				count((cost) -> cost.failed.incrementAndGet());
			}
		}

	}

}
