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
 * Tests for {@link ExhaustedCallLog}.
 */
class ExhaustedCallLogTests {

	private static final CallName CALL = new CallName("com.example.Bank", "transfer");

	@RegisterExtension
	private final LoggedEvents log = new LoggedEvents();

	@Test
	void saysWhyACallWasGivenUp() {
		long[] now = { 0 };
		RunningCall call = new ExhaustedCallLog(() -> now[0]).callStarting(CALL, CALL.toString());
		call.attemptFailed(lost(1, false));
		call.attemptFailed(
				new FailedAttempt(2, true, "disconnect", "connect-failed", false, Duration.ZERO, new SQLException()));
		now[0] = 1_500_000_000L;
		call.failed("exhausted", 2, new IllegalStateException());
		ILoggingEvent event = this.log.events().get(0);
		assertThat(event.getLevel()).isEqualTo(Level.WARN);
		assertThat(event.getThrowableProxy()).isNull();
		assertThat(event.getFormattedMessage()).isEqualTo("com.example.Bank.transfer gave up after 2 attempts and "
				+ "1500 ms (exhausted); first failure: admin-shutdown, last: connect-failed");
		assertThat(LoggedEvents.keyValues(event)).containsEntry("call", "com.example.Bank.transfer")
			.containsEntry("outcome", "exhausted")
			.containsEntry("attempts", 2)
			.containsEntry("elapsed", 1500L)
			.containsEntry("firstReason", "admin-shutdown")
			.containsEntry("lastReason", "connect-failed");
	}

	@Test
	void saysInAStormNowAndThenWhatWasGivenUp() {
		long[] now = { 0 };
		ExhaustedCallLog calls = new ExhaustedCallLog(() -> now[0]);
		for (int i = 0; i < 100; i++) {
			calls.callStarting(CALL, CALL.toString()).failed("rejected", 1, new IllegalStateException());
		}
		now[0] += Duration.ofSeconds(11).toNanos();
		calls.callStarting(CALL, CALL.toString()).failed("rejected", 1, new IllegalStateException());
		now[0] += Duration.ofSeconds(11).toNanos();
		calls.callStarting(CALL, CALL.toString()).failed("rejected", 1, new IllegalStateException());
		calls.callStarting(new CallName("com.example.Bank", "close"), "close")
			.failed("exhausted", 1, new IllegalStateException());
		assertThat(this.log.events()).extracting(ILoggingEvent::getFormattedMessage)
			.satisfiesExactly(
					(first) -> assertThat(first).contains("rejected: the budget").doesNotContain("more calls"),
					(second) -> assertThat(second).contains("99 more calls"),
					(third) -> assertThat(third).doesNotContain("more calls"),
					(other) -> assertThat(other).startsWith("close gave up after 1 attempt"));
	}

	@Test
	void saysNothingOfCallsThatFailForTheirOwnReasons() {
		new ExhaustedCallLog().callStarting(CALL, CALL.toString()).failed("error", 1, new IllegalStateException());
		new ExhaustedCallLog().callStarting(CALL, CALL.toString()).returned(true);
		assertThat(this.log.events()).isEmpty();
	}

	@Test
	void countsWhatEachMethodDidNotSay() {
		long[] now = { 0 };
		ExhaustedCallLog calls = new ExhaustedCallLog(() -> now[0]);
		CallName other = new CallName("com.example.Bank", "close");
		for (CallName call : new CallName[] { CALL, other, CALL, other, CALL }) {
			calls.callStarting(call, call.toString()).failed("exhausted", 1, new IllegalStateException());
		}
		now[0] += Duration.ofSeconds(11).toNanos();
		calls.callStarting(other, "close").failed("exhausted", 1, new IllegalStateException());
		calls.callStarting(CALL, "transfer").failed("exhausted", 1, new IllegalStateException());
		assertThat(this.log.events()).extracting(ILoggingEvent::getFormattedMessage)
			.satisfiesExactly((first) -> assertThat(first).doesNotContain("more calls"),
					(second) -> assertThat(second).doesNotContain("more calls"),
					(third) -> assertThat(third).startsWith("close").contains("1 more calls"),
					(fourth) -> assertThat(fourth).startsWith("transfer").contains("2 more calls"));
	}

	private static FailedAttempt lost(int number, boolean waiting) {
		return new FailedAttempt(number, waiting, "disconnect", "admin-shutdown", true, Duration.ZERO,
				new SQLException());
	}

}
