package com.example.bank.show;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

import com.example.bank.trial.Breaker;
import com.example.bank.trial.FaultKind;
import com.example.bank.trial.FaultStatus;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

class TourTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Breaker breaker = mock(Breaker.class);

	private final Tour tour = new Tour(this.breaker, Duration.ZERO);

	@AfterEach
	void end() {
		this.tour.close();
	}

	@Test
	void breaksOneThingAfterTheOther() throws InterruptedException {
		impossible(Set.of());
		this.tour.begin();
		awaitEnd();
		InOrder order = inOrder(this.breaker);
		for (FaultKind kind : Tour.ORDER) {
			order.verify(this.breaker).begin(kind);
			order.verify(this.breaker).await(kind);
		}
		assertThat(Tour.ORDER).containsExactlyInAnyOrder(FaultKind.values());
	}

	@Test
	void leavesOutWhatCannotBeBroken() {
		impossible(Set.of(FaultKind.RESTART, FaultKind.CRASH));
		this.tour.begin();
		awaitEnd();
		verify(this.breaker).begin(FaultKind.SESSIONS);
		verify(this.breaker, never()).begin(FaultKind.RESTART);
		verify(this.breaker, never()).begin(FaultKind.CRASH);
	}

	@Test
	void endsWhenSomebodyTakesOver() throws InterruptedException {
		impossible(Set.of());
		willAnswer((call) -> {
			Thread.sleep(PATIENCE.toMillis() * 10);
			return null;
		}).given(this.breaker).await(any());
		this.tour.begin();
		verify(this.breaker, timeout(PATIENCE.toMillis())).await(Tour.ORDER.get(0));
		assertThat(this.tour.isRunning()).isTrue();
		this.tour.end();
		assertThat(this.tour.isRunning()).isFalse();
		verify(this.breaker, never()).begin(Tour.ORDER.get(1));
	}

	private void impossible(Set<FaultKind> kinds) {
		given(this.breaker.status()).willReturn(Arrays.stream(FaultKind.values())
			.map((kind) -> new FaultStatus(kind, false, null, kinds.contains(kind) ? "not here" : null))
			.toList());
	}

	private void awaitEnd() {
		Awaitility.await().atMost(PATIENCE).until(() -> !this.tour.isRunning());
	}

}
