package io.github.resilientdb.observe;

import java.sql.SQLException;
import java.time.Duration;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener.FailedAttempt;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutageLog}.
 */
class OutageLogTests {

	private static final CallName CALL = new CallName("com.example.Bank", "transfer");

	@RegisterExtension
	private final LoggedEvents log = new LoggedEvents();

	@Test
	void saysWhatAnOutageCost() {
		OutageLog outages = new OutageLog();
		RunningCall earlier = outages.callStarting(CALL, "earlier");
		earlier.attemptFailed(lost(1, false));
		outages.outageBegan("bank", "admin-shutdown");
		RunningCall rerun = outages.callStarting(CALL, "rerun");
		rerun.attemptFailed(lost(1, false));
		rerun.attemptFailed(lost(2, false));
		RunningCall waiting = outages.callStarting(CALL, "waiting");
		waiting.attemptFailed(lost(1, true));
		waiting.attemptFailed(lost(1, true));
		waiting.failed("exhausted", 1, new IllegalStateException());
		outages.callStarting(CALL, "business").failed("error", 1, new IllegalStateException());
		outages.outageEnded("bank", Duration.ofMillis(1500));
		outages.outageEnded("shop", Duration.ofMillis(1));
		ILoggingEvent event = this.log.events().get(0);
		assertThat(event.getLevel()).isEqualTo(Level.INFO);
		assertThat(event.getFormattedMessage()).isEqualTo("Database of pool bank answers again, 1500 ms after the "
				+ "first failure; retryable calls until then: 1 rerun, 1 waited, 1 failed");
		assertThat(LoggedEvents.keyValues(event)).containsEntry("pool", "bank")
			.containsEntry("length", Duration.ofMillis(1500))
			.containsEntry("rerun", 1)
			.containsEntry("waited", 1)
			.containsEntry("failed", 1);
		assertThat(LoggedEvents.keyValues(this.log.events().get(1))).containsEntry("rerun", 0);
	}

	@Test
	void saysNothingOfShortOutagesThatSoonFollowAnotherOne() {
		long[] now = { 0 };
		OutageLog outages = new OutageLog(() -> now[0]);
		outages.outageEnded("bank", Duration.ofMillis(1));
		now[0] += Duration.ofSeconds(9).toNanos();
		outages.outageEnded("bank", Duration.ofMillis(2));
		outages.outageEnded("bank", Duration.ofMillis(1003));
		now[0] += Duration.ofSeconds(11).toNanos();
		outages.outageEnded("bank", Duration.ofMillis(4));
		assertThat(this.log.events()).extracting((event) -> LoggedEvents.keyValues(event).get("length"))
			.containsExactly(Duration.ofMillis(1), Duration.ofMillis(1003), Duration.ofMillis(4));
	}

	@Test
	void countsForEachPoolThatIsOut() {
		OutageLog outages = new OutageLog();
		outages.outageBegan("bank", "admin-shutdown");
		RunningCall call = outages.callStarting(CALL, "call");
		call.attemptFailed(lost(1, false));
		outages.outageBegan("shop", "admin-shutdown");
		call.failed("unknown", 2, new IllegalStateException());
		outages.outageEnded("bank", Duration.ofSeconds(2));
		outages.outageEnded("shop", Duration.ofSeconds(2));
		assertThat(this.log.events()).extracting(LoggedEvents::keyValues)
			.satisfiesExactly(
					(bank) -> assertThat(bank).containsEntry("pool", "bank")
						.containsEntry("rerun", 1)
						.containsEntry("failed", 1),
					(shop) -> assertThat(shop).containsEntry("pool", "shop")
						.containsEntry("rerun", 0)
						.containsEntry("failed", 1));
	}

	@Test
	void forgetsAnOutageThatWasGivenUpWithItsPool() {
		OutageLog outages = new OutageLog();
		outages.outageBegan("bank", "admin-shutdown");
		outages.callStarting(CALL, "call").failed("exhausted", 2, new IllegalStateException());
		outages.outageAbandoned("bank");
		assertThat(this.log.events()).isEmpty();
		outages.outageBegan("bank", "admin-shutdown");
		outages.outageEnded("bank", Duration.ofSeconds(2));
		assertThat(LoggedEvents.keyValues(this.log.events().get(0))).containsEntry("failed", 0);
	}

	@Test
	void countsNoRerunsForOtherReasonsAndNoneThatNeverCame() {
		OutageLog outages = new OutageLog();
		outages.outageBegan("bank", "admin-shutdown");
		RunningCall call = outages.callStarting(CALL, "call");
		call.attemptFailed(
				new FailedAttempt(1, false, "deadlock", "deadlock", true, Duration.ZERO, new SQLException()));
		call.attemptFailed(
				new FailedAttempt(2, false, "disconnect", "admin-shutdown", false, Duration.ZERO, new SQLException()));
		outages.outageEnded("bank", Duration.ofSeconds(2));
		assertThat(LoggedEvents.keyValues(this.log.events().get(0))).containsEntry("rerun", 0)
			.containsEntry("waited", 0);
	}

	private static FailedAttempt lost(int number, boolean waiting) {
		return new FailedAttempt(number, waiting, "disconnect", "admin-shutdown", true, Duration.ZERO,
				new SQLException());
	}

}
