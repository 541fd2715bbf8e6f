package io.github.resilientdb;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutageNews}.
 */
class OutageNewsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			# the last one ended before | it has lasted | worth telling
			                            | 0s            | true
			0s                          | 0s            | false
			9s                          | 900ms         | false
			9s                          | 1s            | true
			10s                         | 0s            | true
			""")
	void aBriefOutageThatSoonFollowsAnotherIsNoNews(@Nullable String before, String lasting, boolean expected) {
		long began = Long.MIN_VALUE + 1; // the clock may begin anywhere
		Long told = (before != null) ? began - nanos(before) : null;
		assertThat(OutageNews.isWorthTelling(told, began, Duration.ofNanos(nanos(lasting)))).isEqualTo(expected);
	}

	private static long nanos(String duration) {
		return duration.endsWith("ms") ? Duration.ofMillis(Long.parseLong(duration.replace("ms", ""))).toNanos()
				: Duration.ofSeconds(Long.parseLong(duration.replace("s", ""))).toNanos();
	}

}
