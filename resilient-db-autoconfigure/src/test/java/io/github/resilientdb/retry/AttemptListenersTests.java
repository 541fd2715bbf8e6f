package io.github.resilientdb.retry;

import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.AttemptListener;
import org.junit.jupiter.api.Test;

import org.springframework.dao.InvalidDataAccessApiUsageException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AttemptListeners}.
 */
class AttemptListenersTests {

	private final List<String> discarded = new ArrayList<>();

	@Test
	void throwsTheFirstRefusalOnceAllHavePutThingsBack() {
		AttemptListeners listeners = new AttemptListeners(List.of(discarding("first", refusal("first")),
				discarding("second", refusal("second")), discarding("third", null)));
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(listeners::attemptDiscarded)
			.withMessage("first");
		assertThat(this.discarded).containsExactly("first", "second", "third");
	}

	@Test
	void passesOverAnyOtherFailure() {
		AttemptListeners listeners = new AttemptListeners(
				List.of(discarding("first", new IllegalStateException("failed")), discarding("second", null)));
		listeners.attemptDiscarded();
		assertThat(this.discarded).containsExactly("first", "second");
	}

	private AttemptListener discarding(String name, RuntimeException failure) {
		return new AttemptListener() {
			@Override
			public void attemptDiscarded() {
				AttemptListenersTests.this.discarded.add(name);
				if (failure != null) {
					throw failure;
				}
			}
		};
	}

	private static InvalidDataAccessApiUsageException refusal(String message) {
		return new InvalidDataAccessApiUsageException(message);
	}

}
