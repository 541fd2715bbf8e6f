package io.github.resilientdb.observe;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener.FailedAttempt;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallMeters}.
 */
class CallMetersTests {

	private static final CallName CALL = new CallName("com.example.Bank", "transfer");

	private static final CallName ONCE = new CallName("com.example.Bank", "once");

	private static final String NAME = "resilientdb.transaction";

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private static CallMeters meters(CallTimings timings) {
		return new CallMeters(Set.of("disconnect", "deadlock"), (call) -> !call.equals(ONCE), () -> timings);
	}

	private static FailedAttempt failed(String kind, boolean waiting) {
		return new FailedAttempt(1, waiting, kind, kind, true, Duration.ZERO, new SQLException());
	}

	private static long timed(MeterRegistry registry, String outcome) {
		return registry.find(NAME).tag("outcome", outcome).timers().stream().mapToLong((timer) -> timer.count()).sum();
	}

	private double retries(String reason) {
		return this.registry.get(NAME + ".retries").tag("reason", reason).counter().count();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void callThatIsKnownHasAllSeriesThatCanCount(boolean knownFirst) {
		CallMeters meters = meters(CallTimings.meters(false));
		if (knownFirst) {
			meters.callKnown(CALL);
		}
		meters.bindTo(this.registry);
		meters.callKnown(CALL);
		assertThat(this.registry.find(NAME).timers()).extracting((timer) -> timer.getId().getTag("outcome"))
			.containsExactlyInAnyOrder("success", "recovered", "unknown", "error", "exhausted", "rejected",
					"interrupted");
		assertThat(retries("disconnect")).isZero();
		assertThat(retries("deadlock")).isZero();
	}

	@Test
	void callThatIsNeverRerunHasNoSeriesOfReruns() {
		CallMeters meters = meters(CallTimings.meters(false));
		meters.bindTo(this.registry);
		meters.callKnown(ONCE);
		assertThat(this.registry.find(NAME + ".retries").counters()).isEmpty();
	}

	@Test
	void timesACallByItsOutcome() {
		CallMeters meters = meters(CallTimings.meters(false));
		meters.bindTo(this.registry);
		meters.callStarting(CALL, "call").returned(false);
		meters.callStarting(CALL, "call").returned(true);
		meters.callStarting(CALL, "call").failed("exhausted", 5, new IllegalStateException());
		assertThat(timed(this.registry, "success")).isOne();
		assertThat(timed(this.registry, "recovered")).isOne();
		assertThat(this.registry.get(NAME).tag("error", "IllegalStateException").timer().count()).isOne();
	}

	@Test
	void countsRerunsByTheirReasonButNoWaiting() {
		CallMeters meters = meters(CallTimings.meters(false));
		meters.bindTo(this.registry);
		RunningCall call = meters.callStarting(CALL, "call");
		call.rerunning(failed("disconnect", false));
		call.rerunning(failed("deadlock", false));
		call.rerunning(failed("disconnect", false));
		call.rerunning(failed("unavailable", true));
		assertThat(retries("disconnect")).isEqualTo(2);
		assertThat(retries("deadlock")).isOne();
		assertThat(this.registry.find(NAME + ".retries").tag("reason", "unavailable").counter()).isNull();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void knowsTheCallsThatGoOn(boolean succeeds) {
		CallMeters meters = meters(CallTimings.meters(true));
		meters.bindTo(this.registry);
		RunningCall call = meters.callStarting(CALL, "call");
		assertThat(this.registry.get(NAME + ".active").longTaskTimer().activeTasks()).isOne();
		if (succeeds) {
			call.returned(false);
		}
		else {
			call.failed("error", 1, new IllegalStateException());
		}
		assertThat(this.registry.get(NAME + ".active").longTaskTimer().activeTasks()).isZero();
	}

	@Test
	void callThatBeganBeforeThereWasARegistryIsTimedInIt() {
		CallMeters meters = meters(CallTimings.meters(true));
		RunningCall early = meters.callStarting(CALL, "call");
		meters.callStarting(CALL, "call").returned(false);
		meters.bindTo(this.registry);
		early.returned(false);
		assertThat(timed(this.registry, "success")).isEqualTo(2);
	}

	@Test
	void registryThatIsAddedLaterHasTheSameSeries() {
		CallMeters meters = meters(CallTimings.meters(false));
		meters.bindTo(this.registry);
		meters.callKnown(CALL);
		meters.callStarting(CALL, "call").returned(false);
		MeterRegistry later = new SimpleMeterRegistry();
		meters.bindTo(later);
		meters.callStarting(CALL, "call").returned(false);
		assertThat(timed(this.registry, "success")).isEqualTo(2);
		assertThat(timed(later, "success")).isOne();
		assertThat(later.find(NAME).timers()).hasSize(7);
	}

	@Test
	void countsRerunsThoughSomebodyElseTimes() {
		CallMeters meters = meters(CallTimings.none());
		meters.bindTo(this.registry);
		meters.callKnown(CALL);
		RunningCall call = meters.callStarting(CALL, "call");
		call.rerunning(failed("disconnect", false));
		call.returned(true);
		assertThat(retries("disconnect")).isOne();
		assertThat(this.registry.find(NAME).timers()).isEmpty();
	}

}
