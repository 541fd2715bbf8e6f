package io.github.resilientdb.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.retry.Decision.CallOutcome;
import org.junit.jupiter.api.Test;

import org.springframework.retry.RetryContext;
import org.springframework.retry.support.RetrySynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SpringRetryEngine}.
 */
class SpringRetryEngineTests {

	private static final AttemptResult.Returned RETURNED = new AttemptResult.Returned("a value", true);

	private final SpringRetryEngine engine = SpringRetryEngine.get();

	private final List<AttemptResult.Failed> repeated = new ArrayList<>();

	@Test
	void repeatsUntilAnAttemptReturns() {
		AttemptResult.Failed first = failed(rerun());
		AttemptResult.Failed second = failed(rerun());
		assertThat(repeat(first, second, RETURNED)).isSameAs(RETURNED);
		assertThat(this.repeated).containsExactly(first, second);
	}

	@Test
	void repeatsUntilAnAttemptIsNotToBeRerun() {
		AttemptResult.Failed last = failed(new Decision.Fail(CallOutcome.EXHAUSTED));
		assertThat(repeat(failed(rerun()), last, RETURNED)).isSameAs(last);
		assertThat(this.repeated).hasSize(1);
	}

	@Test
	void repeatsWhateverWasThrown() {
		AttemptResult.Failed error = failed(rerun(), new AssertionError("a part of the application"));
		AttemptResult.Failed interrupt = failed(rerun(), new InterruptedException());
		assertThat(repeat(error, interrupt, RETURNED)).isSameAs(RETURNED);
	}

	@Test
	void showsTheAttemptsBeforeInTheContextOfSpringRetry() {
		AttemptResult.Failed first = failed(rerun());
		List<Integer> counts = new ArrayList<>();
		this.engine.repeat(first, (last) -> {
			RetryContext context = RetrySynchronizationManager.getContext();
			assertThat(context.getLastThrowable()).isSameAs(last.thrown());
			counts.add(context.getRetryCount());
			return (counts.size() < 3) ? failed(rerun()) : RETURNED;
		});
		assertThat(counts).containsExactly(1, 2, 3);
		assertThat(RetrySynchronizationManager.getContext()).isNull();
	}

	@Test
	void stopsIfTheApplicationAsksSpringRetryTo() {
		AttemptResult.Failed second = failed(rerun());
		AttemptResult result = this.engine.repeat(failed(rerun()), (last) -> {
			RetrySynchronizationManager.getContext().setExhaustedOnly();
			return second;
		});
		assertThat(result).isSameAs(second);
	}

	@Test
	void turnsItsOwnFailureIntoTheEnd() {
		OutOfMemoryError error = new OutOfMemoryError("in a test");
		AttemptResult.Failed first = failed(rerun());
		AttemptResult result = this.engine.repeat(first, (last) -> {
			throw error;
		});
		assertThat(result).isInstanceOfSatisfying(AttemptResult.Failed.class, (failed) -> {
			assertThat(failed.isToBeRerun()).isFalse();
			assertThat(failed.state()).isSameAs(first.state());
			assertThat(failed.failure().conclude()).isSameAs(error);
		});
	}

	private AttemptResult repeat(AttemptResult.Failed first, AttemptResult... next) {
		return this.engine.repeat(first, (last) -> {
			this.repeated.add(last);
			return next[this.repeated.size() - 1];
		});
	}

	private static Decision rerun() {
		return new Decision.Rerun(Duration.ZERO, "eof", Decision.Rerun.Kind.LOSS);
	}

	private static AttemptResult.Failed failed(Decision decision) {
		return failed(decision, new IllegalStateException("failed"));
	}

	private static AttemptResult.Failed failed(Decision decision, Throwable thrown) {
		return new AttemptResult.Failed(CallState.FIRST, FailedAttempt.UNOBSERVED, thrown,
				new CallFailure(thrown, null, false), decision);
	}

}
