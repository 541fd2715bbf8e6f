package com.example.bank.trial;

import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.Map;

import com.example.bank.trial.TrialEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

class WatchTests {

	private final EventLog log = new EventLog(Clock.systemUTC());

	private final Watch watch = new Watch(this.log);

	@Test
	void tellsWhatIsNewAndNothingTwice() {
		compare(LaneKind.NAIVE, 0, 0, 0);
		compare(LaneKind.NAIVE, 1, 0, 0);
		compare(LaneKind.NAIVE, 1, 0, 0);
		compare(LaneKind.NAIVE, 4, 0, 0);
		assertThat(this.log.since(0)).extracting(TrialEvent::lane, TrialEvent::type, TrialEvent::text)
			.containsExactly(tuple(LaneKind.NAIVE, Type.WRONG, "1 transfer booked twice"),
					tuple(LaneKind.NAIVE, Type.WRONG, "3 transfers booked twice"));
	}

	@Test
	void tellsTheBanksAndTheFindingsApart() {
		compare(LaneKind.PLAIN, 0, 2, 0);
		compare(LaneKind.RETRYABLE, 0, 2, 1);
		assertThat(this.log.since(0)).extracting(TrialEvent::lane, TrialEvent::text)
			.containsExactly(tuple(LaneKind.PLAIN, "2 transfers \"failed\", yet booked"),
					tuple(LaneKind.RETRYABLE, "2 transfers \"failed\", yet booked"),
					tuple(LaneKind.RETRYABLE, "1 transfer lost"));
	}

	private void compare(LaneKind lane, long bookedTwice, long failedYetBooked, long lost) {
		Tally tally = new Tally(10, 0, 0, 0, failedYetBooked, bookedTwice, lost, 0, 0);
		this.watch.compare(List.of(LaneReport.of(lane, tally, 0, 0, BigDecimal.ONE, BigDecimal.ONE, Map.of())));
	}

}
