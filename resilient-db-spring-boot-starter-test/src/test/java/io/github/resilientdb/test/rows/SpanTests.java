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
			now, six seconds on         | 2026-01-01 09:59:50.1+00 | 20   | 2026-01-01 10:00:18.5+00 | false
			20 minutes later            | 2026-01-01 10:19:50.1+00 | 20   | 2026-01-01 10:20:12+00   | true
			40 minutes later            | 2026-01-01 10:19:50.1+00 | 20   | 2026-01-01 10:40:12+00   | false
			20 min 30 s later           | 2026-01-01 10:19:50.1+00 | 20   | 2026-01-01 10:20:41.5+00 | false
			truncated to seconds        | 2026-01-01 09:59:50+00   | 20   | 2026-01-01 10:00:10+00   | true
			the other minute by chance  | 2026-01-01 10:00:00+00   | 20   | 2026-01-01 10:00:20+00   | true
			truncated to minutes        | 2026-01-01 09:59:00+00   | 20   | 2026-01-01 10:00:00+00   | true
			truncated, and ten on       | 2026-01-01 09:59:00+00   | 20   | 2026-01-01 10:10:00+00   | false
			truncated, and one on       | 2026-01-01 09:59:00+00   | 20   | 2026-01-01 10:01:00+00   | false
			three minutes on, truncated | 2026-01-01 10:02:00+00   | 20   | 2026-01-01 10:03:00+00   | true
			the same minute, one on     | 2026-01-01 09:59:00+00   | 1    | 2026-01-01 10:00:00+00   | false
			a slot of that year         | 2030-05-01 10:01:00+00   | 1    | 2030-05-01 10:02:00+00   | false
			a second of last year       | 2025-01-01 00:00:01+00   | 1    | 2025-01-01 00:00:02+00   | false
			a fraction of last year     | 2025-01-01 00:00:01.1+00 | 1    | 2025-01-01 00:00:01.2+00 | false
			an hour of that year, not   | 2030-05-01 10:00:00+00   | 1    | 2030-05-01 10:00:01+00   | false
			in ten years, in seconds    | 2036-01-01 09:59:50+00   | 20   | 2036-01-01 10:00:10+00   | true
			a time of day               | 12:01:00                 | 1    | 12:02:00                 | false
			a time of day, in seconds   | 12:00:20                 | 1    | 12:00:21                 | false
			now, as a time of day       | 09:59:51                 | 20   | 10:00:11                 | true
			truncated to hours          | 2026-01-01 09:00:00+00   | 20   | 2026-01-01 10:00:00+00   | true
			truncated to hours, two on  | 2026-01-01 09:00:00+00   | 20   | 2026-01-01 11:00:00+00   | false
			truncated to days           | 2026-01-01 00:00:00+00   | 20   | 2026-01-01 00:00:00+00   | true
			truncated to days, then not | 2026-01-01 00:00:00+00   | 20   | 2026-01-01 00:17:22+00   | false
			the next day by mistake     | 2026-01-01 00:00:00+00   | 20   | 2026-01-03 00:00:00+00   | false
			epoch seconds               | 1767261590               | 20   | 1767261611               | true
			epoch seconds, a minute on  | 1767261590               | 20   | 1767261671               | false
			a number of these days      | 1767607217               | 1    | 1767607218               | false
			epoch seconds, in an hour   | 1767265190               | 20   | 1767265211               | true
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
