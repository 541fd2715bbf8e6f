package io.github.resilientdb.attempt;

import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AbandonedBackend}.
 */
class AbandonedBackendTests {

	@Test
	void isThereUntilItIsKnownToHaveEnded() {
		AbandonedBackend backend = new AbandonedBackend(null);
		assertThat(backend.isGone()).isFalse();
		backend.ended();
		assertThat(backend.isGone()).isTrue();
	}

	@Test
	void countsAsThereAsLongAsAnEarlierOneIs() {
		AbandonedBackend first = new AbandonedBackend(null);
		AbandonedBackend second = new AbandonedBackend(first);
		AbandonedBackend third = new AbandonedBackend(second);
		third.ended();
		first.ended();
		assertThat(third.isGone()).isFalse();
		second.ended();
		assertThat(third.isGone()).isTrue();
	}

}
