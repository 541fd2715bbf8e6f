package com.example.bank.trial;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.github.resilientdb.ConnectionPoolEvent;
import io.github.resilientdb.RetryableTransactionEvent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

import org.springframework.context.event.EventListener;
import org.springframework.resilience.retry.MethodRetryEvent;

/**
 * Sees what a bank does when its database fails. The events of calls are published on the
 * threads of the calls.
 */
class BankObserver {

	private final MeterRegistry meters;

	private final LongAdder reruns = new LongAdder();

	private final LongAdder losses = new LongAdder();

	private final ThreadLocal<RetryableTransactionEvent.@Nullable Exhausted> exhausted = new ThreadLocal<>();

	private volatile Consumer<String> outages = (text) -> {
	};

	BankObserver(MeterRegistry meters) {
		this.meters = meters;
	}

	@EventListener
	void rerun(RetryableTransactionEvent.Rerun event) {
		this.reruns.increment();
	}

	@EventListener
	void rerun(MethodRetryEvent event) {
		if (!event.isRetryAborted()) {
			this.reruns.increment();
		}
	}

	@EventListener
	void gaveUp(RetryableTransactionEvent.Exhausted event) {
		this.exhausted.set(event);
	}

	@EventListener
	void lost(ConnectionPoolEvent.Disconnected event) {
		this.losses.increment();
	}

	@EventListener
	void began(ConnectionPoolEvent.OutageBegan event) {
		this.outages.accept("the database can't be reached (" + event.reason() + ")");
	}

	@EventListener
	void ended(ConnectionPoolEvent.OutageEnded event) {
		this.outages.accept("the database answers again after " + seconds(event.length()));
	}

	private static String seconds(Duration length) {
		return String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1000.0);
	}

	void onOutage(Consumer<String> listener) {
		this.outages = listener;
	}

	/**
	 * Return why the call of this thread that has just failed gave up, and forget it.
	 * @return the outcome and the number of attempts, {@code null} if it did not give up
	 */
	RetryableTransactionEvent.@Nullable Exhausted takeExhausted() {
		RetryableTransactionEvent.Exhausted event = this.exhausted.get();
		this.exhausted.remove();
		return event;
	}

	long reruns() {
		return this.reruns.sum();
	}

	long losses() {
		return this.losses.sum();
	}

	long lookedUp() {
		return this.meters.find("resilientdb.commit.verifications").timers().stream().mapToLong(Timer::count).sum();
	}

}
