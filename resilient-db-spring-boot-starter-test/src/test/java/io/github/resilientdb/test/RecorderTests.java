package io.github.resilientdb.test;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalApplicationListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is heard of an application's events.
 */
class RecorderTests {

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final Recorder recorder = new Recorder();

	RecorderTests() {
		this.context.addApplicationListener(
				TransactionalApplicationListener.forPayload(TransactionPhase.AFTER_COMMIT, (Placed placed) -> {
				}));
		this.context.refresh();
		this.recorder.attachTo(this.context);
	}

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void hearsEventsBetweenStartAndStop() {
		this.context.publishEvent(new Placed("before"));
		this.recorder.start();
		this.context.publishEvent(new Placed("book"));
		this.context.publishEvent(new ContextRefreshedEvent(this.context));
		this.recorder.stop();
		this.context.publishEvent(new Placed("after"));
		assertThat(this.recorder.events()).containsExactly("Placed[product=book]");
	}

	@Test
	void forgetsTheRunBefore() {
		this.recorder.start();
		this.context.publishEvent(new Placed("book"));
		this.recorder.postProcessEvent(new ContextRefreshedEvent(this.context), new IllegalStateException());
		assertThat(this.recorder.callbacks())
			.containsExactly("ContextRefreshedEvent failed: java.lang.IllegalStateException");
		this.recorder.start();
		assertThat(this.recorder.events()).isEmpty();
		assertThat(this.recorder.callbacks()).isEmpty();
		assertThat(this.recorder.isOutcomeUnknown()).isFalse();
	}

	@Test
	void givesCopies() {
		this.recorder.start();
		List<String> events = this.recorder.events();
		this.context.publishEvent(new Placed("book"));
		assertThat(events).isEmpty();
	}

	record Placed(String product) {

	}

}
