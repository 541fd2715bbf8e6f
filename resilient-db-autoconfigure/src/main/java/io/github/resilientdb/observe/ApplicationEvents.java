package io.github.resilientdb.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;

import io.github.resilientdb.CallName;
import io.github.resilientdb.ConnectionPoolEvent;
import io.github.resilientdb.ConnectionPoolListener;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.RetryableTransactionEvent;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes application events. What happens before all beans are there is kept until
 * then: to publish it at once would create listeners early, perhaps on a thread of the
 * pool that the creation of beans waits for.
 */
public final class ApplicationEvents
		implements ConnectionPoolListener, RetryableCallListener, SmartInitializingSingleton {

	private static final int MAX_EARLY = 1000;

	private final ApplicationEventPublisher publisher;

	private final Clock clock;

	private @Nullable Queue<Object> early = new ArrayDeque<>();

	private volatile boolean ready;

	/**
	 * Create a publisher.
	 * @param publisher where to publish
	 * @param clock what the time is
	 */
	public ApplicationEvents(ApplicationEventPublisher publisher, Clock clock) {
		this.publisher = publisher;
		this.clock = clock;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Queue<Object> events;
		synchronized (this) {
			events = this.early;
			this.early = null;
			this.ready = true;
		}
		if (events != null) {
			events.forEach(this.publisher::publishEvent);
		}
	}

	private void publish(Object event) {
		if (this.ready || !keep(event)) {
			this.publisher.publishEvent(event);
		}
	}

	private synchronized boolean keep(Object event) {
		if (this.early == null) {
			return false;
		}
		if (this.early.size() < MAX_EARLY) {
			this.early.add(event);
		}
		return true;
	}

	private Instant now() {
		return this.clock.instant();
	}

	@Override
	public void connectionOpened(String pool) {
		publish(new ConnectionPoolEvent.ConnectionOpened(pool, now()));
	}

	@Override
	public void connectionDiscarded(String pool, String reason) {
		publish(new ConnectionPoolEvent.ConnectionDiscarded(pool, now(), reason));
	}

	@Override
	public void disconnected(String pool, String reason, Phase phase, @Nullable String sqlState) {
		publish(new ConnectionPoolEvent.Disconnected(pool, now(), reason, phase, sqlState));
	}

	@Override
	public void invalidated(String pool, String reason, int connections) {
		publish(new ConnectionPoolEvent.Invalidated(pool, now(), reason, connections));
	}

	@Override
	public void outageBegan(String pool, String reason) {
		publish(new ConnectionPoolEvent.OutageBegan(pool, now(), reason));
	}

	@Override
	public void outageEnded(String pool, Duration length) {
		publish(new ConnectionPoolEvent.OutageEnded(pool, now(), length));
	}

	@Override
	public RunningCall callStarting(CallName call, String label) {
		return new CallEvents(label);
	}

	private final class CallEvents implements RunningCall {

		private final String label;

		CallEvents(String label) {
			this.label = label;
		}

		@Override
		public void rerunning(FailedAttempt attempt) {
			if (!attempt.waiting()) {
				publish(new RetryableTransactionEvent.Rerun(this.label, now(), attempt.number(), attempt.reason(),
						attempt.delay()));
			}
		}

		@Override
		public void returned(boolean recovered) {
			if (recovered) {
				publish(new RetryableTransactionEvent.Recovered(this.label, now()));
			}
		}

		@Override
		public void failed(String outcome, int attempts, Throwable failure) {
			if (failure instanceof TransactionOutcomeUnknownException unknown && outcome.equals("unknown")) {
				publish(new RetryableTransactionEvent.OutcomeUnknown(this.label, now(), unknown.getReason(),
						unknown.getTransaction(), unknown.getStatement()));
			}
			else if (!outcome.equals("error")) {
				publish(new RetryableTransactionEvent.Exhausted(this.label, now(), outcome, attempts,
						failure.getClass().getName()));
			}
		}

	}

}
