package io.github.resilientdb.observe;

import java.sql.SQLException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnknownOutcomeLog}.
 */
class UnknownOutcomeLogTests {

	private static final CallName CALL = new CallName("com.example.Bank", "transfer");

	@RegisterExtension
	private final LoggedEvents log = new LoggedEvents();

	@Test
	void saysEverythingOfAnUnknownOutcome() {
		unknown().failed("unknown", 2, new TransactionOutcomeUnknownException("unreachable", "1:42",
				"select pg_xact_status('42')", new SQLException("lost", "08006")));
		ILoggingEvent event = this.log.events().get(0);
		assertThat(event.getLevel()).isEqualTo(Level.ERROR);
		assertThat(event.getThrowableProxy()).isNull();
		assertThat(event.getFormattedMessage()).contains("com.example.Bank.transfer", "attempt 2", "08006",
				"unreachable", "1:42", "select pg_xact_status('42')");
		assertThat(LoggedEvents.keyValues(event)).containsEntry("call", "com.example.Bank.transfer")
			.containsEntry("attempts", 2)
			.containsEntry("sqlState", "08006")
			.containsEntry("reason", "unreachable")
			.containsEntry("transaction", "1:42")
			.containsEntry("statement", "select pg_xact_status('42')");
	}

	@Test
	void hasAStackTraceOnlyAtDebug() {
		this.log.level(Level.DEBUG);
		unknown().failed("unknown", 1, new IllegalStateException("lost"));
		assertThat(this.log.events().get(0).getThrowableProxy()).isNotNull();
	}

	@Test
	void isSilentOfEverythingElse() {
		unknown().returned(true);
		unknown().failed("exhausted", 5, new IllegalStateException());
		assertThat(this.log.events()).isEmpty();
	}

	private static RunningCall unknown() {
		return new UnknownOutcomeLog().callStarting(CALL, CALL.toString());
	}

}
