package io.github.resilientdb.pool.settings;

import java.time.Duration;

import io.github.resilientdb.pool.settings.PoolSettings.PoolMode;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.pool.settings.PoolSettings.ResetOnReturn;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PoolSettingsTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	@Test
	void acceptsTheLowestValues() {
		assertThat(settings(1, Duration.ofMillis(250), SECOND, Duration.ZERO, Duration.ofMillis(10))).isNotNull();
	}

	@Test
	void acceptsWhatIsLeftToHikari() {
		assertThat(settings(null, null, null, Duration.ZERO, SECOND).size()).isNull();
	}

	@Test
	void refusesWhatCannotWork() {
		assertThatIllegalArgumentException().isThrownBy(() -> settings(0, SECOND, SECOND, SECOND, SECOND))
			.withMessage("Invalid size (0): must be positive");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> settings(1, Duration.ofMillis(249), SECOND, SECOND, SECOND))
			.withMessageContaining("Invalid timeout (PT0.249S)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> settings(1, SECOND, Duration.ofMillis(999), SECOND, SECOND))
			.withMessageContaining("Invalid recycle (PT0.999S)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> settings(1, SECOND, SECOND, Duration.ofMillis(-1), SECOND))
			.withMessageContaining("Invalid pingAfter");
		assertThatIllegalArgumentException().isThrownBy(() -> settings(1, SECOND, SECOND, SECOND, Duration.ofMillis(9)))
			.withMessage("Invalid pingTimeout (PT0.009S): must be at least 10ms");
	}

	private static PoolSettings settings(@Nullable Integer size, @Nullable Duration timeout, @Nullable Duration recycle,
			Duration pingAfter, Duration pingTimeout) {
		return new PoolSettings(size, timeout, recycle, PrePing.ALWAYS, pingAfter, pingTimeout, PoolMode.POOLED,
				ResetOnReturn.ROLLBACK, RequirePrimary.AUTO, true, null);
	}

}
