package com.example.bank.trial;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.resilientdb.ConnectionPoolEvent;
import io.github.resilientdb.RetryableTransactionEvent.Exhausted;
import io.github.resilientdb.RetryableTransactionEvent.Rerun;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;
import org.mockito.Answers;

import org.springframework.resilience.retry.MethodRetryEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * What is counted for a bank.
 */
class BankObserverTests {

	private final MeterRegistry meters = new SimpleMeterRegistry();

	private final BankObserver observer = new BankObserver(this.meters);

	@Test
	void countsRerunsOfWhicheverRetry() {
		this.observer.rerun(new Rerun("call", Instant.EPOCH, 1, "lost", Duration.ZERO));
		this.observer.rerun(retry(false));
		this.observer.rerun(retry(true));
		assertThat(this.observer.reruns()).as("an abort is no rerun").isEqualTo(2);
	}

	@Test
	void countsVerificationsOfAllOutcomes() {
		assertThat(this.observer.lookedUp()).isZero();
		this.meters.timer("resilientdb.commit.verifications", "outcome", "committed").record(Duration.ZERO);
		this.meters.timer("resilientdb.commit.verifications", "outcome", "rolled-back").record(Duration.ZERO);
		assertThat(this.observer.lookedUp()).isEqualTo(2);
	}

	@Test
	void tellsWhyTheCallOfThisThreadGaveUpOnce() throws InterruptedException {
		Exhausted event = new Exhausted("call", Instant.EPOCH, "exhausted", 5, "SomeException");
		this.observer.gaveUp(event);
		List<Object> seenElsewhere = new ArrayList<>();
		Thread other = new Thread(() -> seenElsewhere.add(String.valueOf(this.observer.takeExhausted())));
		other.start();
		other.join();
		assertThat(seenElsewhere).containsExactly("null");
		assertThat(this.observer.takeExhausted()).isSameAs(event);
		assertThat(this.observer.takeExhausted()).isNull();
	}

	@Test
	void tellsOfOutagesInAnyLocale() {
		Locale locale = Locale.getDefault();
		Locale.setDefault(Locale.GERMANY);
		try {
			List<String> outages = new ArrayList<>();
			this.observer.began(new ConnectionPoolEvent.OutageBegan("pool", Instant.EPOCH, "unheard"));
			this.observer.onOutage(outages::add);
			this.observer.began(new ConnectionPoolEvent.OutageBegan("pool", Instant.EPOCH, "refused"));
			this.observer.ended(new ConnectionPoolEvent.OutageEnded("pool", Instant.EPOCH, Duration.ofMillis(2250)));
			assertThat(outages).containsExactly("the database can't be reached (refused)",
					"the database answers again after 2.3 s");
		}
		finally {
			Locale.setDefault(locale);
		}
	}

	private static MethodRetryEvent retry(boolean aborted) {
		return new MethodRetryEvent(mock(MethodInvocation.class, Answers.RETURNS_DEEP_STUBS),
				new IllegalStateException(), aborted);
	}

}
