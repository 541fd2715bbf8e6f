package com.example.bank.trial;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import com.example.bank.trial.Fault.Action;
import com.example.bank.trial.TrialEvent.Type;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

class BreakerTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	private final EventLog log = new EventLog(Clock.systemUTC());

	private final Map<FaultKind, String> reasons = new EnumMap<>(FaultKind.class);

	private Action action = (fault) -> {
		fault.progress(() -> "halfway");
		fault.lasts(LONG);
	};

	private final Breaker breaker = new Breaker((kind) -> (fault) -> this.action.run(fault), this.reasons::get,
			this.log);

	@AfterEach
	void close() {
		this.breaker.close();
	}

	@Test
	void faultIsInForceUntilItIsEnded() throws InterruptedException {
		assertThat(status(FaultKind.SILENCE)).isEqualTo(new FaultStatus(FaultKind.SILENCE, false, null, null));
		this.breaker.begin(FaultKind.SILENCE);
		this.breaker.begin(FaultKind.SILENCE);
		assertThat(status(FaultKind.SILENCE).inForce()).isTrue();
		assertThat(status(FaultKind.CRASH).inForce()).isFalse();
		this.breaker.end(FaultKind.SILENCE);
		this.breaker.await(FaultKind.SILENCE);
		assertThat(status(FaultKind.SILENCE).inForce()).isFalse();
		assertThat(this.log.since(0)).extracting(TrialEvent::type, TrialEvent::text)
			.containsExactly(tuple(Type.FAULT, "network silent"), tuple(Type.HEALED, "over: network silent"));
	}

	@Test
	void whatCannotBeBrokenSaysWhy() {
		this.reasons.put(FaultKind.CRASH, "It is not yours.");
		assertThat(status(FaultKind.CRASH).unavailable()).isEqualTo("It is not yours.");
		assertThatIllegalStateException().isThrownBy(() -> this.breaker.begin(FaultKind.CRASH))
			.withMessage("It is not yours.");
		assertThat(status(FaultKind.CRASH).inForce()).isFalse();
		assertThat(this.log.since(0)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "RESTART", "CRASH" })
	void serverThatIsDownCannotBeBrokenOnceMore(FaultKind down) {
		this.breaker.begin(down);
		for (FaultKind kind : List.of(FaultKind.RESTART, FaultKind.CRASH, FaultKind.SESSIONS)) {
			assertThat(status(kind).unavailable() != null).as("%s", kind).isEqualTo(kind != down);
		}
		assertThat(status(FaultKind.SILENCE).unavailable()).isNull();
		assertThatIllegalStateException().isThrownBy(() -> this.breaker.begin(FaultKind.SESSIONS));
	}

	@Test
	void whatDoesNotWorkIsToldAndOver() throws InterruptedException {
		this.action = (fault) -> {
			throw new IllegalStateException("no permission");
		};
		this.breaker.begin(FaultKind.SESSIONS);
		this.breaker.await(FaultKind.SESSIONS);
		assertThat(status(FaultKind.SESSIONS).inForce()).isFalse();
		assertThat(this.log.since(0)).last()
			.extracting(TrialEvent::text)
			.isEqualTo("could not be done: End all sessions (no permission)");
	}

	@Test
	void closeMendsEverything() {
		for (FaultKind kind : List.of(FaultKind.SESSIONS, FaultKind.SILENCE, FaultKind.COMMIT_REPLY)) {
			this.breaker.begin(kind);
		}
		this.breaker.close();
		assertThat(this.breaker.status()).noneMatch(FaultStatus::inForce);
	}

	private FaultStatus status(FaultKind kind) {
		return this.breaker.status().stream().filter((status) -> status.kind() == kind).findFirst().orElseThrow();
	}

}
