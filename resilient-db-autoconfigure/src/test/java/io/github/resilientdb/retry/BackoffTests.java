package io.github.resilientdb.retry;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Backoff}.
 */
class BackoffTests {

	private static final Duration INITIAL = Duration.ofMillis(50);

	private static final Duration MAX = Duration.ofSeconds(2);

	private final Backoff backoff = new Backoff(INITIAL, 2, MAX);

	@Test
	void grows() {
		assertThat(delay(0, 1)).isEqualTo(INITIAL);
		assertThat(delay(1, 1)).isEqualTo(Duration.ofMillis(100));
		assertThat(delay(5, 1)).isEqualTo(Duration.ofMillis(1600));
	}

	@Test
	void goesOnBeingRandomAtTheCap() {
		assertThat(delay(6, 1)).isEqualTo(MAX);
		assertThat(delay(1000, 1)).isEqualTo(MAX);
		assertThat(delay(Integer.MAX_VALUE, 0.25)).isEqualTo(Duration.ofMillis(500));
		assertThat(delay(1000, 0)).isZero();
	}

	@Test
	void keepsToTheFloorAndTheLimit() {
		assertThat(this.backoff.delay(0, 1000, 2000, 0)).isEqualTo(Duration.ofNanos(1000));
		assertThat(this.backoff.delay(0, 1000, 2000, 1)).isEqualTo(Duration.ofNanos(2000));
		assertThat(this.backoff.delay(0, 3000, 2000, 0.5)).isEqualTo(Duration.ofNanos(2000));
	}

	@Test
	void survivesALongTime() {
		Backoff longest = new Backoff(Duration.ofDays(1), 2, Duration.ofSeconds(Long.MAX_VALUE));
		assertThat(longest.delay(1000, 0, Long.MAX_VALUE, 1)).isPositive();
	}

	@Test
	void refusesInvalidValues() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(Duration.ZERO, 2, MAX))
			.withMessage("Invalid initial (PT0S): must be positive");
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(INITIAL, 0.9, MAX))
			.withMessage("Invalid multiplier (0.9): must be from 1 to 1000");
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(INITIAL, Double.NaN, MAX));
		assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(MAX, 2, INITIAL))
			.withMessage("Invalid max (PT0.05S): must not be less than initial (PT2S)");
	}

	private Duration delay(int number, double random) {
		return this.backoff.delay(number, 0, Long.MAX_VALUE, random);
	}

}
