package com.example.bank.trial;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import com.example.bank.trial.TrialEvent.Type;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventLogTests {

	private final EventLog log = new EventLog(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

	@Test
	void tellsWhatIsNewToTheReader() {
		this.log.add(LaneKind.PLAIN, Type.FAILED, "first");
		this.log.add(null, Type.FAULT, "second");
		assertThat(this.log.since(0)).containsExactly(
				new TrialEvent(1, Instant.EPOCH, LaneKind.PLAIN, Type.FAILED, "first"),
				new TrialEvent(2, Instant.EPOCH, null, Type.FAULT, "second"));
		assertThat(this.log.since(1)).extracting(TrialEvent::text).containsExactly("second");
		assertThat(this.log.since(2)).isEmpty();
	}

	/**
	 * The page may be open for days.
	 */
	@Test
	void forgetsTheOldestAndNumbersOn() {
		for (int i = 1; i <= 250; i++) {
			this.log.add(null, Type.NOTE, "event " + i);
		}
		assertThat(this.log.since(0)).hasSize(100);
		assertThat(this.log.since(0).get(0).number()).isEqualTo(151);
		assertThat(this.log.since(249)).extracting(TrialEvent::text).containsExactly("event 250");
	}

}
