package io.github.resilientdb.commit.postgresql;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LockTimeout}.
 */
class LockTimeoutTests {

	@ParameterizedTest
	@CsvSource({ "0, 0", "1ms, 1", "2500ms, 2500", "3s, 3000", "2min, 120000", "1h, 3600000", "1d, 86400000",
			"unlimited, 0" })
	void readsWhatTheServerShows(String shown, long millis) {
		assertThat(LockTimeout.millis(shown)).isEqualTo(millis);
	}

}
