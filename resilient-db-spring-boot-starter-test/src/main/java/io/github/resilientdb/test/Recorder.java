package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.resilientdb.test.values.ValueRenderer;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalApplicationListener;
import org.springframework.transaction.event.TransactionalApplicationListener.SynchronizationCallback;

/**
 * Hears the application's events, and what its transactional listeners do.
 */
final class Recorder
		implements ApplicationListener<ApplicationEvent>, SynchronizationCallback, TransactionExecutionListener {

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final List<String> callbacks = new CopyOnWriteArrayList<>();

	private final AtomicBoolean outcomeUnknown = new AtomicBoolean();

	private volatile boolean recording;

	/**
	 * Begin to hear the listeners that run after commits.
	 */
	void attachTo(AbstractApplicationContext context) {
		for (ApplicationListener<?> listener : context.getApplicationListeners()) {
			if (listener instanceof TransactionalApplicationListener<?> transactional
					&& transactional.getTransactionPhase() != TransactionPhase.BEFORE_COMMIT
					&& transactional.getTransactionPhase() != TransactionPhase.AFTER_ROLLBACK) {
				transactional.addCallback(this);
			}
		}
		context.addApplicationListener(this);
		context.getBeansOfType(ConfigurableTransactionManager.class, true, false)
			.values()
			.forEach((transactionManager) -> transactionManager.addListener(this));
	}

	void start() {
		this.events.clear();
		this.callbacks.clear();
		this.outcomeUnknown.set(false);
		this.recording = true;
	}

	void stop() {
		this.recording = false;
	}

	List<String> events() {
		return new ArrayList<>(this.events);
	}

	List<String> callbacks() {
		return new ArrayList<>(this.callbacks);
	}

	/**
	 * Return whether it was said of any transaction that its outcome is unknown: who asks
	 * over HTTP does not see the exception.
	 */
	boolean isOutcomeUnknown() {
		return this.outcomeUnknown.get();
	}

	@Override
	public void afterCommit(TransactionExecution transaction, @Nullable Throwable commitFailure) {
		if (this.recording && UnknownOutcome.isIn(commitFailure)) {
			this.outcomeUnknown.set(true);
		}
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (this.recording && UnknownOutcome.isTold(event)) {
			this.outcomeUnknown.set(true);
		}
		if (this.recording && !isSpringsOwn(event)) {
			this.events.add(write(event));
		}
	}

	@Override
	public void postProcessEvent(ApplicationEvent event, @Nullable Throwable failure) {
		if (this.recording) {
			this.callbacks.add(write(event) + ((failure != null) ? " failed: " + failure.getClass().getName() : ""));
		}
	}

	/**
	 * Requests and the container's life cycle are nothing that a method publishes, and
	 * the starter's own events tell of faults.
	 */
	private static boolean isSpringsOwn(ApplicationEvent event) {
		Object published = (event instanceof PayloadApplicationEvent<?> payload) ? payload.getPayload() : event;
		String type = published.getClass().getName();
		return type.startsWith("org.springframework.")
				|| type.startsWith("io.github.resilientdb.RetryableTransactionEvent")
				|| type.startsWith("io.github.resilientdb.ConnectionPoolEvent");
	}

	private static String write(ApplicationEvent event) {
		if (event instanceof PayloadApplicationEvent<?> payload) {
			return ValueRenderer.render(payload.getPayload());
		}
		return event.getClass().getSimpleName();
	}

}
