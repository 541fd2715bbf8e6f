package com.example.bank.trial;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import com.example.bank.trial.TrialEvent.Type;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willReturn;
import static org.mockito.Mockito.mock;

/**
 * Whether the figures that are shown are those of the database.
 */
class AuditTests {

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private final EventLog log = new EventLog(Clock.systemUTC());

	private final LedgerSnapshot snapshot = new LedgerSnapshot(mock());

	private final Lane lane = mock(Lane.class);

	private volatile Exception failure;

	private final TrialDatabase database = mock(TrialDatabase.class, (call) -> {
		if (this.failure != null) {
			throw this.failure;
		}
		return ((TrialDatabase.Question<?>) call.getArgument(0)).ask(this.snapshot);
	});

	private final Audit audit = new Audit(this.database, List.of(this.lane), this.log);

	@BeforeEach
	void openLane() throws SQLException {
		given(this.lane.kind()).willReturn(LaneKind.NAIVE);
		given(this.lane.observer()).willReturn(mock());
		given(this.lane.emptyReport()).willReturn(report(0));
		willReturn(report(0)).given(this.lane).report(any(), anyLong());
	}

	@AfterEach
	void close() {
		this.audit.close();
	}

	@Test
	void hasNothingToShowBeforeItBegins() {
		assertThat(this.audit.reports()).isEmpty();
		assertThat(this.audit.isUpToDate()).isFalse();
	}

	@Test
	void comparesByItselfAndTellsWhatIsWrong() throws SQLException {
		willReturn(report(2)).given(this.lane).report(any(), anyLong());
		this.audit.begin();
		// The log is the last to know
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.log.since(0)).extracting(TrialEvent::type, TrialEvent::text)
				.contains(tuple(Type.WRONG, "2 transfers booked twice")));
		assertThat(this.audit.isUpToDate()).isTrue();
		assertThat(this.audit.reports()).containsExactly(report(2));
	}

	@Test
	void answersThatCameSinceAreNotHeldAgainstTheSnapshot() throws SQLException {
		long before = System.nanoTime();
		given(this.lane.report(any(), anyLong())).willAnswer((call) -> {
			assertThat(call.<LedgerSnapshot>getArgument(0)).isSameAs(this.snapshot);
			assertThat(call.<Long>getArgument(1) - before).isNotNegative();
			return report(0);
		});
		this.audit.compare();
		assertThat(this.audit.isUpToDate()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(classes = { SQLException.class, IllegalStateException.class })
	void keepsWhatItKnowsAndGoesOnIfTheDatabaseDoesNotAnswer(Class<? extends Exception> failure) throws Exception {
		willReturn(report(1)).given(this.lane).report(any(), anyLong());
		this.audit.compare();
		this.failure = failure.getConstructor(String.class).newInstance("down");
		this.audit.begin();
		Awaitility.await().atMost(PATIENCE).until(() -> !this.audit.isUpToDate());
		assertThat(this.audit.reports()).hasSize(1);
		this.failure = null;
		Awaitility.await().atMost(PATIENCE).until(this.audit::isUpToDate);
		assertThat(this.audit.reports()).containsExactly(report(1));
	}

	@Test
	void whoeverAsksNowHearsWhyThereIsNoAnswer() {
		this.failure = new SQLException("down");
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.audit::compare).withMessage("down");
	}

	private static LaneReport report(long bookedTwice) {
		return LaneReport.of(LaneKind.NAIVE, new Tally(10, 0, 0, 0, 0, bookedTwice, 0, 0, 0), 0, 0, BigDecimal.ONE,
				BigDecimal.ONE, Map.of());
	}

}
