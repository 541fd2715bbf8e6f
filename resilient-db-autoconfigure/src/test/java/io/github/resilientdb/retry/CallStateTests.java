package io.github.resilientdb.retry;

import java.util.stream.Stream;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.retry.CallState.AbandonedAttempt;
import io.github.resilientdb.retry.CallState.CallProgress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.transaction.TransactionSystemException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallState}.
 */
// A ledger is confined to its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class CallStateTests {

	private static final AbandonedAttempt ABANDONED = new AbandonedAttempt(
			new CallFailure(new IllegalStateException("lost"), null, false), FailureVerdict.OTHER);

	private final RuntimeException failure = new IllegalStateException("failed");

	static Stream<Arguments> reruns() {
		return Stream.of(Arguments.of(Decision.Rerun.Kind.LOSS, 2, 0, 0),
				Arguments.of(Decision.Rerun.Kind.CONTENTION, 2, 1, 0), Arguments.of(Decision.Rerun.Kind.WAIT, 1, 0, 1));
	}

	@ParameterizedTest
	@MethodSource("reruns")
	void countsWhatARerunCountsAs(Decision.Rerun.Kind kind, int attempts, int contentions, int waits) {
		CallState next = CallState.FIRST.rerun(kind, this.failure);
		assertThat(next.progress(7, true, false))
			.isEqualTo(new CallProgress(attempts, contentions, waits, 7, true, false));
		assertThat(next.isRerun()).isTrue();
		assertThat(CallState.FIRST.isRerun()).isFalse();
	}

	@Test
	void keepsTheFailuresBefore() {
		RuntimeException other = new IllegalStateException("other");
		CallState state = CallState.FIRST.rerun(Decision.Rerun.Kind.LOSS, this.failure).failed(other);
		Throwable last = state.earlier().conclude(new TransactionSystemException("last"));
		assertThat(last.getSuppressed()).containsExactly(this.failure, other);
	}

	@Test
	void keepsTheLastAttemptThatLeftABackendBehind() {
		AbandonedBackend backend;
		CallState state;
		try (AttemptLedger ledger = AttemptLedger.open(0)) {
			backend = ledger.backends().abandon();
			state = CallState.FIRST.leaving(ledger.backends(), ABANDONED);
		}
		assertThat(state.backend()).isSameAs(backend);
		assertThat(state.abandoned()).isSameAs(ABANDONED);
		CallState next = state.rerun(Decision.Rerun.Kind.LOSS, this.failure);
		try (AttemptLedger ledger = AttemptLedger.open(0, null, next.backend())) {
			next = next.leaving(ledger.backends(), new AbandonedAttempt(ABANDONED.failure(), FailureVerdict.OTHER));
		}
		assertThat(next.backend()).isSameAs(backend);
		assertThat(next.abandoned()).isSameAs(ABANDONED);
	}

	@Test
	void knowsOfNothingLeftBehindAtFirst() {
		try (AttemptLedger ledger = AttemptLedger.open(0)) {
			CallState state = CallState.FIRST.leaving(ledger.backends(), ABANDONED);
			assertThat(state.backend()).isNull();
			assertThat(state.abandoned()).isNull();
		}
	}

}
