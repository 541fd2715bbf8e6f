package com.example.bank.demo;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import com.example.bank.trial.Breaker;
import com.example.bank.trial.LaneKind;
import com.example.bank.trial.LaneReport;
import com.example.bank.trial.LaneSample;
import com.example.bank.trial.Trial;
import com.example.bank.trial.TrialEvent;
import com.example.bank.trial.TrialEvent.Type;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.mock;

/**
 * What the demonstration says, and whether it says that the guarantees held.
 */
class DemonstrationTests {

	private final Trial trial = mock(Trial.class);

	private final Breaker breaker = mock(Breaker.class);

	private final List<String> lines = new CopyOnWriteArrayList<>();

	private final Demonstration demonstration = new Demonstration(new DemoProperties(Duration.ofMillis(1), 8, 100),
			this.trial, this.lines::add, Duration.ZERO);

	@BeforeEach
	void prepare() throws Exception {
		given(this.trial.breaker()).willReturn(this.breaker);
		given(this.trial.awaitIdle(any())).willReturn(true);
		given(this.trial.sample())
			.willReturn(List.of(sample(LaneKind.PLAIN), sample(LaneKind.NAIVE), sample(LaneKind.RETRYABLE)));
		reports(0);
	}

	@Test
	void endsWithTheVerdict() {
		assertThat(this.demonstration.run()).isTrue();
		assertThat(this.lines).last().asString().contains("held: each call was booked exactly once");
		assertThat(this.lines.get(0)).contains("8 clients", "100 calls a second");
		then(this.trial).should().start(any());
	}

	@Test
	void doesNotHideThatTheGuaranteesDidNotHold() throws SQLException {
		reports(1);
		assertThat(this.demonstration.run()).isFalse();
		assertThat(this.lines).last().asString().contains("did NOT hold");
	}

	@Test
	void saysThatSomeCallsHaveNoAnswer() throws InterruptedException {
		given(this.trial.awaitIdle(any())).willReturn(false);
		this.demonstration.run();
		assertThat(this.lines).contains("Some calls have no answer yet, after 180 s.");
	}

	@Test
	void showsEachSecondWhatIsBrokenAndWhatCouldNotBe() throws Exception {
		given(this.trial.eventsSince(0)).willReturn(List.of(event(1, Type.FAULT, "server crashed"),
				event(2, Type.HEALED, "over: server crashed"), event(3, Type.HEALED, "could not be done: it")));
		// lasts until the first line is shown
		given(this.trial.awaitIdle(any())).willAnswer((call) -> {
			while (this.lines.stream().noneMatch((line) -> line.startsWith("  1s|"))) {
				Thread.onSpinWait();
			}
			return true;
		});
		this.demonstration.run();
		assertThat(this.lines).contains("could not be done: it")
			.anyMatch((line) -> line.startsWith("  1s|") && line.endsWith("| server crashed"));
	}

	@Test
	void whatCannotBeComparedIsNoSuccess() throws SQLException {
		given(this.trial.compareNow()).willThrow(new SQLException("down"));
		assertThatIllegalStateException().isThrownBy(this.demonstration::run)
			.withMessageContaining("did not come to its end");
	}

	@Test
	void whatCannotBeBrokenIsNoSuccess() {
		willThrow(new IllegalStateException("not here")).given(this.breaker).begin(any());
		assertThatIllegalStateException().isThrownBy(this.demonstration::run)
			.withMessageContaining("did not come to its end");
	}

	@Test
	void reportsOnceIfItIsCutShort() throws Exception {
		given(this.trial.awaitIdle(any())).willAnswer((call) -> {
			if (Thread.currentThread().getName().equals("demonstration-schedule")) {
				this.demonstration.reportEarly();
			}
			return true;
		});
		assertThat(this.demonstration.run()).isFalse();
		assertThat(this.lines).containsSubsequence("Stopped early. This is what came of it so far:")
			.filteredOn((line) -> line.contains("held: each call"))
			.hasSize(1);
		then(this.breaker).should().close();
	}

	@Test
	void doesNotReportAnewAfterItsEnd() {
		this.demonstration.run();
		int before = this.lines.size();
		this.demonstration.reportEarly();
		assertThat(this.lines).hasSize(before);
	}

	@Test
	void saysSoIfThereIsNothingToReportWhenItIsCutShort() throws Exception {
		given(this.trial.compareNow()).willThrow(new SQLException("down"));
		given(this.trial.awaitIdle(any())).willAnswer((call) -> {
			if (Thread.currentThread().getName().equals("demonstration-schedule")) {
				this.demonstration.reportEarly();
			}
			return true;
		});
		assertThatIllegalStateException().isThrownBy(this.demonstration::run);
		assertThat(this.lines).contains("The database does not answer: down");
	}

	private void reports(long lost) throws SQLException {
		given(this.trial.compareNow()).willReturn(
				List.of(report(LaneKind.PLAIN, 0), report(LaneKind.NAIVE, 0), report(LaneKind.RETRYABLE, lost)));
	}

	private static LaneReport report(LaneKind lane, long lost) {
		return new LaneReport(lane, 10, 0, 0, 0, 0, 0, lost, 0, 0, BigDecimal.TEN, BigDecimal.TEN, Map.of());
	}

	private static LaneSample sample(LaneKind lane) {
		return new LaneSample(lane, 0, 0, 0, null, null, 0);
	}

	private static TrialEvent event(long number, Type type, String text) {
		return new TrialEvent(number, Instant.EPOCH, null, type, text);
	}

}
