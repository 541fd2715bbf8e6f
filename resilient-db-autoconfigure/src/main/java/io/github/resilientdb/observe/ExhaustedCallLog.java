package io.github.resilientdb.observe;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs calls that were given up: why the first and the last attempt failed, which an
 * application's own log seldom shows. In a storm there is a line per method from time to
 * time, which counts the others.
 */
public final class ExhaustedCallLog implements RetryableCallListener {

	private static final Logger logger = LoggerFactory.getLogger(ExhaustedCallLog.class);

	private static final long QUIET = TimeUnit.SECONDS.toNanos(10);

	private final LongSupplier nanoTime;

	private final Map<CallName, Silence> silences = new ConcurrentHashMap<>();

	/**
	 * Create a log.
	 */
	public ExhaustedCallLog() {
		this(System::nanoTime);
	}

	ExhaustedCallLog(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	@Override
	public RunningCall callStarting(CallName call, String label) {
		return new LoggedCall(call, label);
	}

	private void log(LoggedCall call, String outcome, int attempts, Throwable failure) {
		long now = this.nanoTime.getAsLong();
		Silence silence = this.silences.merge(call.call, new Silence(now, 0, true),
				(present, first) -> present.heard(now));
		if (!silence.over()) {
			return;
		}
		long millis = TimeUnit.NANOSECONDS.toMillis(now - call.start);
		LoggingEventBuilder event = logger.atWarn()
			.addKeyValue("call", call.label)
			.addKeyValue("outcome", outcome)
			.addKeyValue("attempts", attempts)
			.addKeyValue("elapsed", millis)
			.addKeyValue("firstReason", call.first)
			.addKeyValue("lastReason", call.last);
		if (logger.isDebugEnabled()) {
			event = event.setCause(failure);
		}
		event.log("{} gave up after {} and {} ms ({}); first failure: {}, last: {}{}", call.label,
				(attempts == 1) ? "1 attempt" : attempts + " attempts", millis, explain(outcome), call.first, call.last,
				(silence.unheard() > 0) ? "; " + silence.unheard() + " more calls of it since the last such line" : "");
	}

	private static String explain(String outcome) {
		return outcome.equals("rejected") ? "rejected: the budget for reruns is used up" : outcome;
	}

	/**
	 * The time in which a method is not logged again.
	 *
	 * @param since when it began
	 * @param unheard how many calls were not logged
	 * @param over whether the last call is to be logged
	 */
	private record Silence(long since, int unheard, boolean over) {

		Silence heard(long now) {
			if (now - this.since >= QUIET) {
				return new Silence(now, this.over ? 0 : this.unheard, true);
			}
			return new Silence(this.since, this.over ? 1 : this.unheard + 1, false);
		}

	}

	private final class LoggedCall implements RunningCall {

		private final CallName call;

		private final String label;

		private final long start;

		private @Nullable String first;

		private @Nullable String last;

		LoggedCall(CallName call, String label) {
			this.call = call;
			this.label = label;
			this.start = ExhaustedCallLog.this.nanoTime.getAsLong();
		}

		@Override
		public void attemptFailed(FailedAttempt attempt) {
			if (this.first == null) {
				this.first = attempt.reason();
			}
			this.last = attempt.reason();
		}

		@Override
		public void failed(String outcome, int attempts, Throwable failure) {
			if (outcome.equals("exhausted") || outcome.equals("rejected")) {
				log(this, outcome, attempts, failure);
			}
		}

	}

}
