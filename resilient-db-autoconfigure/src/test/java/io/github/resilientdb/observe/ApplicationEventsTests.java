package io.github.resilientdb.observe;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.CallName;
import io.github.resilientdb.ConnectionPoolEvent.ConnectionDiscarded;
import io.github.resilientdb.ConnectionPoolEvent.ConnectionOpened;
import io.github.resilientdb.ConnectionPoolEvent.Disconnected;
import io.github.resilientdb.ConnectionPoolEvent.Invalidated;
import io.github.resilientdb.ConnectionPoolEvent.OutageBegan;
import io.github.resilientdb.ConnectionPoolEvent.OutageEnded;
import io.github.resilientdb.ConnectionPoolListener.Phase;
import io.github.resilientdb.RetryableCallListener.FailedAttempt;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.github.resilientdb.RetryableTransactionEvent.Exhausted;
import io.github.resilientdb.RetryableTransactionEvent.OutcomeUnknown;
import io.github.resilientdb.RetryableTransactionEvent.Recovered;
import io.github.resilientdb.RetryableTransactionEvent.Rerun;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ApplicationEvents}.
 */
class ApplicationEventsTests {

	private static final Instant NOW = Instant.parse("2026-01-01T03:00:00Z");

	private final List<Object> published = new ArrayList<>();

	private final ApplicationEvents events = new ApplicationEvents(this.published::add,
			Clock.fixed(NOW, ZoneOffset.UTC));

	@Test
	void keepsEarlyEventsUntilAllBeansAreThere() {
		this.events.connectionOpened("bank");
		assertThat(this.published).isEmpty();
		this.events.afterSingletonsInstantiated();
		this.events.connectionDiscarded("bank", "recycled");
		assertThat(this.published).containsExactly(new ConnectionOpened("bank", NOW),
				new ConnectionDiscarded("bank", NOW, "recycled"));
	}

	@Test
	void publishesWhatHappensToConnections() {
		this.events.afterSingletonsInstantiated();
		this.events.disconnected("bank", "eof", Phase.COMMIT, null);
		this.events.invalidated("bank", "eof", 3);
		this.events.outageBegan("bank", "eof");
		this.events.outageEnded("bank", Duration.ofSeconds(2));
		this.events.pinged("bank", true, Duration.ZERO);
		assertThat(this.published).containsExactly(new Disconnected("bank", NOW, "eof", Phase.COMMIT, null),
				new Invalidated("bank", NOW, "eof", 3), new OutageBegan("bank", NOW, "eof"),
				new OutageEnded("bank", NOW, Duration.ofSeconds(2)));
	}

	@Test
	void publishesWhatHappensToCalls() {
		this.events.afterSingletonsInstantiated();
		FailedAttempt attempt = new FailedAttempt(1, false, "disconnect", "eof", true, Duration.ofMillis(5),
				new IllegalStateException());
		FailedAttempt wait = new FailedAttempt(2, true, "disconnect", "connect-failed", true, Duration.ofMillis(5),
				new IllegalStateException());
		RunningCall call = start();
		call.attemptFailed(attempt);
		call.rerunning(attempt);
		call.rerunning(wait);
		call.returned(true);
		start().failed("exhausted", 5, new IllegalStateException());
		start().failed("unknown", 1,
				new TransactionOutcomeUnknownException("not-verified", null, null, new IllegalStateException()));
		assertThat(this.published).containsExactly(new Rerun("transfer", NOW, 1, "eof", Duration.ofMillis(5)),
				new Recovered("transfer", NOW),
				new Exhausted("transfer", NOW, "exhausted", 5, IllegalStateException.class.getName()),
				new OutcomeUnknown("transfer", NOW, "not-verified", null, null));
	}

	@Test
	void publishesNothingOfSmoothCallsAndBusinessExceptions() {
		this.events.afterSingletonsInstantiated();
		start().returned(false);
		start().failed("error", 1, new IllegalStateException());
		assertThat(this.published).isEmpty();
	}

	private RunningCall start() {
		return this.events.callStarting(new CallName("com.example.Bank", "transfer"), "transfer");
	}

}
