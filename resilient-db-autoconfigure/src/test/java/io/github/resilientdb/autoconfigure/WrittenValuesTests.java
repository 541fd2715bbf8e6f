package io.github.resilientdb.autoconfigure;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.convert.DurationStyle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WrittenValues}.
 */
class WrittenValuesTests {

	@ParameterizedTest
	@ValueSource(strings = { "0s", "1ns", "1500ns", "500us", "250ms", "1500ms", "1s", "90s", "10m", "90m", "1h", "25h",
			"1d", "-1s", "-250ms" })
	void durationsAreWrittenAsTheyAreRead(String written) {
		Duration duration = DurationStyle.detectAndParse(written);
		assertThat(WrittenValues.of(duration)).isEqualTo(written);
	}

}
