package com.example.bank.trial;

import java.time.Duration;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FaultTests {

	private static final Duration LONG = Duration.ofHours(1);

	private final Fault fault = new Fault();

	@Test
	void lastsUntilItsTimeIsOver() throws InterruptedException {
		assertThat(this.fault.lasts(Duration.ofMillis(1))).isFalse();
	}

	@Test
	void endsEarlyIfSomebodyWantsItAlsoBeforeItBegan() throws InterruptedException {
		this.fault.end();
		assertThat(this.fault.lasts(LONG)).isTrue();
		this.fault.countDown(LONG);
	}

	@Test
	void countsTheSecondsDown() throws InterruptedException {
		assertThat(this.fault.progress()).isEmpty();
		Thread thread = new Thread(() -> {
			try {
				this.fault.countDown(LONG);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		thread.start();
		Awaitility.await().until(() -> !this.fault.progress().isEmpty());
		assertThat(this.fault.progress()).matches("3[56]\\d\\d s left");
		this.fault.end();
		thread.join();
	}

	@Test
	void showsNoSecondsThatAreOver() throws InterruptedException {
		this.fault.countDown(Duration.ofNanos(1));
		assertThat(this.fault.progress()).isEmpty();
	}

	@Test
	void whoWaitsGoesOnWhenItIsOver() throws InterruptedException {
		this.fault.over();
		this.fault.awaitOver();
	}

}
