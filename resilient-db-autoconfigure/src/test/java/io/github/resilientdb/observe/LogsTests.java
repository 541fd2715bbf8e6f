package io.github.resilientdb.observe;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener.FailedAttempt;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutageLog}, {@link ExhaustedCallLog} and {@link UnknownOutcomeLog}.
 */
class LogsTests {

	private static final CallName CALL = new CallName("com.example.Bank", "transfer");

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.resilientdb.observe");

	private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

	private Level level;

	@BeforeEach
	void listen() {
		this.level = this.logger.getLevel();
		this.logger.setLevel(Level.INFO);
		this.appender.start();
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.appender);
		this.logger.setLevel(this.level);
	}

	@Test
	void saysWhatAnOutageCost() {
		OutageLog log = new OutageLog();
		RunningCall earlier = log.callStarting(CALL, "earlier");
		earlier.attemptFailed(lost(1, false));
		log.outageBegan("bank", "admin-shutdown");
		RunningCall rerun = log.callStarting(CALL, "rerun");
		rerun.attemptFailed(lost(1, false));
		rerun.attemptFailed(lost(2, false));
		RunningCall waiting = log.callStarting(CALL, "waiting");
		waiting.attemptFailed(lost(1, true));
		waiting.attemptFailed(lost(1, true));
		waiting.failed("exhausted", 1, new IllegalStateException());
		log.callStarting(CALL, "business").failed("error", 1, new IllegalStateException());
		log.outageEnded("bank", Duration.ofMillis(1500));
		log.outageEnded("shop", Duration.ofMillis(1));
		ILoggingEvent event = this.appender.list.get(0);
		assertThat(event.getLevel()).isEqualTo(Level.INFO);
		assertThat(event.getFormattedMessage()).isEqualTo("Database of pool bank answers again, 1500 ms after the "
				+ "first failure; retryable calls until then: 1 rerun, 1 waited, 1 failed");
		assertThat(keyValues(event)).containsEntry("pool", "bank")
			.containsEntry("length", Duration.ofMillis(1500))
			.containsEntry("rerun", 1)
			.containsEntry("waited", 1)
			.containsEntry("failed", 1);
		assertThat(keyValues(this.appender.list.get(1))).containsEntry("rerun", 0);
	}

	@Test
	void saysNothingOfShortOutagesThatSoonFollowAnotherOne() {
		long[] now = { 0 };
		OutageLog log = new OutageLog(() -> now[0]);
		log.outageEnded("bank", Duration.ofMillis(1));
		now[0] += Duration.ofSeconds(9).toNanos();
		log.outageEnded("bank", Duration.ofMillis(2));
		log.outageEnded("bank", Duration.ofMillis(1003));
		now[0] += Duration.ofSeconds(11).toNanos();
		log.outageEnded("bank", Duration.ofMillis(4));
		assertThat(this.appender.list).extracting((event) -> keyValues(event).get("length"))
			.containsExactly(Duration.ofMillis(1), Duration.ofMillis(1003), Duration.ofMillis(4));
	}

	@Test
	void saysWhyACallWasGivenUp() {
		long[] now = { 0 };
		RunningCall call = new ExhaustedCallLog(() -> now[0]).callStarting(CALL, CALL.toString());
		call.attemptFailed(lost(1, false));
		call.attemptFailed(
				new FailedAttempt(2, true, "disconnect", "connect-failed", false, Duration.ZERO, new SQLException()));
		now[0] = 1_500_000_000L;
		call.failed("exhausted", 2, new IllegalStateException());
		ILoggingEvent event = this.appender.list.get(0);
		assertThat(event.getLevel()).isEqualTo(Level.WARN);
		assertThat(event.getThrowableProxy()).isNull();
		assertThat(event.getFormattedMessage()).isEqualTo("com.example.Bank.transfer gave up after 2 attempts and "
				+ "1500 ms (exhausted); first failure: admin-shutdown, last: connect-failed");
		assertThat(keyValues(event)).containsEntry("call", "com.example.Bank.transfer")
			.containsEntry("outcome", "exhausted")
			.containsEntry("attempts", 2)
			.containsEntry("elapsed", 1500L)
			.containsEntry("firstReason", "admin-shutdown")
			.containsEntry("lastReason", "connect-failed");
	}

	@Test
	void saysInAStormNowAndThenWhatWasGivenUp() {
		long[] now = { 0 };
		ExhaustedCallLog log = new ExhaustedCallLog(() -> now[0]);
		for (int i = 0; i < 100; i++) {
			log.callStarting(CALL, CALL.toString()).failed("rejected", 1, new IllegalStateException());
		}
		now[0] += Duration.ofSeconds(11).toNanos();
		log.callStarting(CALL, CALL.toString()).failed("rejected", 1, new IllegalStateException());
		now[0] += Duration.ofSeconds(11).toNanos();
		log.callStarting(CALL, CALL.toString()).failed("rejected", 1, new IllegalStateException());
		log.callStarting(new CallName("com.example.Bank", "close"), "close")
			.failed("exhausted", 1, new IllegalStateException());
		assertThat(this.appender.list).extracting(ILoggingEvent::getFormattedMessage)
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
		assertThat(this.appender.list).isEmpty();
	}

	@Test
	void saysEverythingOfAnUnknownOutcome() {
		unknown().failed("unknown", 2, new TransactionOutcomeUnknownException("unreachable", "1:42",
				"select pg_xact_status('42')", new SQLException("lost", "08006")));
		ILoggingEvent event = this.appender.list.get(0);
		assertThat(event.getLevel()).isEqualTo(Level.ERROR);
		assertThat(event.getThrowableProxy()).isNull();
		assertThat(event.getFormattedMessage()).contains("com.example.Bank.transfer", "attempt 2", "08006",
				"unreachable", "1:42", "select pg_xact_status('42')");
		assertThat(keyValues(event)).containsEntry("call", "com.example.Bank.transfer")
			.containsEntry("attempts", 2)
			.containsEntry("sqlState", "08006")
			.containsEntry("reason", "unreachable")
			.containsEntry("transaction", "1:42")
			.containsEntry("statement", "select pg_xact_status('42')");
	}

	@Test
	void hasAStackTraceOnlyAtDebug() {
		this.logger.setLevel(Level.DEBUG);
		unknown().failed("unknown", 1, new IllegalStateException("lost"));
		assertThat(this.appender.list.get(0).getThrowableProxy()).isNotNull();
	}

	@Test
	void isSilentOfEverythingElse() {
		unknown().returned(true);
		unknown().failed("exhausted", 5, new IllegalStateException());
		assertThat(this.appender.list).isEmpty();
	}

	private static RunningCall unknown() {
		return new UnknownOutcomeLog().callStarting(CALL, CALL.toString());
	}

	private static FailedAttempt lost(int number, boolean waiting) {
		return new FailedAttempt(number, waiting, "disconnect", "admin-shutdown", true, Duration.ZERO,
				new SQLException());
	}

	private static Map<String, Object> keyValues(ILoggingEvent event) {
		Map<String, Object> keyValues = new TreeMap<>();
		event.getKeyValuePairs().forEach((pair) -> keyValues.put(pair.key, pair.value));
		return keyValues;
	}

}
