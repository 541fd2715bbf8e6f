package com.example.bank.show;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.example.bank.show.Frame.Stage;
import com.example.bank.trial.Breaker;
import com.example.bank.trial.FaultKind;
import com.example.bank.trial.FaultStatus;
import com.example.bank.trial.LaneKind;
import com.example.bank.trial.LaneSample;
import com.example.bank.trial.Load;
import com.example.bank.trial.Trial;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.times;

/**
 * When the banks are opened, when they work, and what the page learns of that.
 */
class ShowTests {

	private static final long PATIENCE = 60_000;

	private static final Duration NEVER = Duration.ofHours(1);

	private final Breaker breaker = mock(Breaker.class);

	private final Trial trial = mock(Trial.class);

	private final Tour tour = mock(Tour.class);

	private Show show = show(true, NEVER);

	@BeforeEach
	void prepare() {
		given(this.trial.breaker()).willReturn(this.breaker);
		given(this.trial.sample()).willReturn(List.of(new LaneSample(LaneKind.PLAIN, 0, 0, 0, null, null, 0)));
		given(this.breaker.status()).willReturn(Arrays.stream(FaultKind.values())
			.map((kind) -> new FaultStatus(kind, kind == FaultKind.SILENCE, null, null))
			.toList());
	}

	@AfterEach
	void close() {
		this.show.close();
	}

	@Test
	void opensTheBanksOnceWhenSomebodyLooks() throws Exception {
		assertThat(this.show.frame(0, 0).stage()).isEqualTo(Stage.CLOSED);
		this.show.viewerCame();
		this.show.viewerCame();
		awaitStage(Stage.OPEN);
		then(this.trial).should(times(1)).open(any());
		InOrder order = inOrder(this.trial, this.tour);
		order.verify(this.trial).start(new Load(4, 40));
		order.verify(this.tour).begin();
		assertThat(this.show.frame(0, 0).running()).isTrue();
	}

	@Test
	void showsThatTheBanksAreBeingOpened() throws Exception {
		CountDownLatch open = new CountDownLatch(1);
		willAnswer((call) -> {
			open.await();
			return null;
		}).given(this.trial).open(any());
		this.show.viewerCame();
		Frame frame = this.show.frame(0, 0);
		assertThat(frame.stage()).isEqualTo(Stage.OPENING);
		assertThat(frame.message()).contains("Opening three banks");
		assertThat(frame.samples()).isEmpty();
		assertThatIllegalStateException().isThrownBy(() -> this.show.begin(FaultKind.CRASH));
		assertThatIllegalStateException().isThrownBy(() -> this.show.tour(true));
		open.countDown();
		awaitStage(Stage.OPEN);
	}

	@Test
	void banksThatAreOpenTooLateStayIdle() throws Exception {
		CountDownLatch over = new CountDownLatch(1);
		willAnswer((call) -> {
			this.show.close();
			return null;
		}).given(this.trial).open(any());
		given(this.trial.sample()).willAnswer((call) -> {
			over.countDown();
			return List.of();
		});
		this.show.viewerCame();
		assertThat(over.await(PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
		then(this.trial).should(never()).start(any());
		then(this.tour).should(never()).begin();
	}

	@Test
	void saysWhyTheBanksCouldNotBeOpened() throws Exception {
		willThrow(new SQLException("no permission")).given(this.trial).open(any());
		this.show.viewerCame();
		awaitStage(Stage.FAILED);
		assertThat(this.show.frame(0, 0).message()).contains("no permission");
		assertThatIllegalStateException().isThrownBy(() -> this.show.begin(FaultKind.CRASH));
		then(this.trial).should(never()).start(any());
	}

	@Test
	void beginsWithoutATourIfThatIsWanted() {
		this.show = show(false, NEVER);
		open();
		then(this.tour).should(never()).begin();
	}

	@Test
	void restsWhenNobodyLooksAndGoesOnWhenSomebodyDoes() {
		this.show = show(true, Duration.ZERO);
		open();
		this.show.viewerLeft();
		then(this.trial).should(timeout(PATIENCE).atLeastOnce()).stop();
		then(this.tour).should(atLeastOnce()).end();
		this.show.viewerCame();
		then(this.trial).should(times(2)).start(any());
	}

	@Test
	void doesNotRestWhileAnotherLooks() {
		this.show = show(true, Duration.ZERO);
		open();
		this.show.viewerCame();
		this.show.viewerLeft();
		awaitPoints(3);
		then(this.trial).should(never()).stop();
	}

	@Test
	void staysStoppedWhenSomebodyLooksAgain() {
		open();
		this.show.work(new Load(4, 40), false);
		then(this.trial).should().stop();
		then(this.tour).should().end();
		this.show.viewerLeft();
		this.show.viewerCame();
		then(this.trial).should(times(1)).start(any());
		assertThat(this.show.frame(0, 0).running()).isFalse();
	}

	@Test
	void loadThatIsChosenBeforeTheBanksAreOpenCounts() {
		this.show.work(new Load(2, 20), true);
		then(this.trial).should(never()).start(any());
		open();
		then(this.trial).should().start(new Load(2, 20));
		assertThat(this.show.frame(0, 0).load()).isEqualTo(new Load(2, 20));
	}

	@Test
	void whoBreaksSomethingTakesOverFromTheTour() {
		open();
		this.show.begin(FaultKind.CRASH);
		InOrder order = inOrder(this.tour, this.breaker);
		order.verify(this.tour).end();
		order.verify(this.breaker).begin(FaultKind.CRASH);
		this.show.end(FaultKind.CRASH);
		then(this.tour).should(times(2)).end();
		then(this.breaker).should().end(FaultKind.CRASH);
	}

	@Test
	void sendsEachPointOnce() {
		open();
		awaitPoints(2);
		List<Point> points = this.show.frame(0, 0).points();
		assertThat(points.get(0).faults()).containsExactly("network silent");
		long last = points.get(0).time();
		assertThat(this.show.frame(last, 7).points())
			.allSatisfy((point) -> assertThat(point.time()).isGreaterThan(last));
		then(this.trial).should().eventsSince(7);
	}

	private void open() {
		this.show.viewerCame();
		awaitStage(Stage.OPEN);
	}

	private void awaitStage(Stage stage) {
		Awaitility.await()
			.atMost(Duration.ofMillis(PATIENCE))
			.pollInterval(Duration.ofMillis(2))
			.until(() -> this.show.frame(0, 0).stage() == stage);
	}

	private void awaitPoints(int count) {
		Awaitility.await()
			.atMost(Duration.ofMillis(PATIENCE))
			.pollInterval(Duration.ofMillis(2))
			.until(() -> this.show.frame(0, 0).points().size() >= count);
	}

	private Show show(boolean tour, Duration alone) {
		return new Show(new ShowProperties(tour, 4, 40, alone), this.trial, this.tour, Duration.ofMillis(2));
	}

}
