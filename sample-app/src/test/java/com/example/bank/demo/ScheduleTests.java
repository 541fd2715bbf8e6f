package com.example.bank.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.example.bank.trial.Breaker;
import com.example.bank.trial.FaultKind;
import com.example.bank.trial.Trial;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;

class ScheduleTests {

	private final Trial trial = mock(Trial.class);

	private final Breaker breaker = mock(Breaker.class);

	private final List<FaultKind> broken = new ArrayList<>();

	@BeforeEach
	void prepare() throws InterruptedException {
		given(this.trial.breaker()).willReturn(this.breaker);
		given(this.trial.awaitIdle(Schedule.GRACE)).willReturn(true);
		willAnswer((call) -> this.broken.add(call.getArgument(0))).given(this.breaker).begin(any());
	}

	@Test
	void breaksEverythingOneAfterTheOther() throws InterruptedException {
		new Schedule(this.trial, Duration.ofMillis(1)).call();
		assertThat(this.broken).contains(FaultKind.values());
		InOrder order = inOrder(this.breaker);
		for (FaultKind kind : this.broken) {
			order.verify(this.breaker).begin(kind);
			order.verify(this.breaker).await(kind);
		}
	}

	@Test
	void endsTheLoadAndWaitsForTheLastAnswers() throws InterruptedException {
		assertThat(new Schedule(this.trial, Duration.ofMillis(1)).call()).isTrue();
		InOrder order = inOrder(this.trial);
		order.verify(this.trial).stop();
		order.verify(this.trial).awaitIdle(Schedule.GRACE);
	}

	@Test
	void tellsIfSomeAnswersAreMissing() throws InterruptedException {
		given(this.trial.awaitIdle(Schedule.GRACE)).willReturn(false);
		assertThat(new Schedule(this.trial, Duration.ofMillis(1)).call()).isFalse();
	}

	@Test
	void thereIsLoadForAsLongAsWasAskedFor() throws InterruptedException {
		long begin = System.nanoTime();
		new Schedule(this.trial, Duration.ofMillis(100)).call();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
	}

}
