package io.github.resilientdb.test.rows;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whether a run that begins some seconds after another one, and takes two, may have
 * computed a point in time in the same way.
 */
class SpanTests {

	private static final Instant BEGIN = Instant.parse("2026-01-01T09:59:50Z");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			now                         | 2026-01-01 09:59:50.1+00 | 20   | 2026-01-01 10:00:11.5+00 | true
			now, half a minute on       | 2026-01-01 09:59:50.1+00 | 20   | 2026-01-01 10:00:41.5+00 | false
			20 minutes later            | 2026-01-01 10:19:50.1+00 | 20   | 2026-01-01 10:20:12+00   | true
			40 minutes later            | 2026-01-01 10:19:50.1+00 | 20   | 2026-01-01 10:40:12+00   | false
			20 min 30 s later           | 2026-01-01 10:19:50.1+00 | 20   | 2026-01-01 10:20:41.5+00 | false
			truncated to seconds        | 2026-01-01 09:59:50+00   | 20   | 2026-01-01 10:00:10+00   | true
			the other minute by chance  | 2026-01-01 10:00:00+00   | 20   | 2026-01-01 10:00:20+00   | true
			truncated to minutes        | 2026-01-01 09:59:00+00   | 20   | 2026-01-01 10:00:00+00   | true
			truncated, and ten on       | 2026-01-01 09:59:00+00   | 20   | 2026-01-01 10:10:00+00   | false
			truncated to hours          | 2026-01-01 09:00:00+00   | 20   | 2026-01-01 10:00:00+00   | true
			truncated to hours, two on  | 2026-01-01 09:00:00+00   | 20   | 2026-01-01 11:00:00+00   | false
			truncated to days           | 2026-01-01 00:00:00+00   | 20   | 2026-01-01 00:00:00+00   | true
			truncated to days, then not | 2026-01-01 00:00:00+00   | 20   | 2026-01-01 00:17:22+00   | false
			the next day by mistake     | 2026-01-01 00:00:00+00   | 20   | 2026-01-03 00:00:00+00   | false
			epoch seconds               | 1767261590               | 20   | 1767261611               | true
			epoch seconds, a minute on  | 1767261590               | 20   | 1767261671               | false
			epoch nanoseconds           | 1767261590100000000      | 20   | 1767261611100000000      | true
			""")
	void compares(String what, String expected, int seconds, String observed, boolean same) {
		assertThat(Moments.same(expected, run(0), observed, run(seconds))).as(what).isEqualTo(same);
	}

	private static Moments run(int seconds) {
		Instant begin = BEGIN.plusSeconds(seconds);
		return new Moments(begin, begin.plus(Duration.ofSeconds(2)));
	}

}
