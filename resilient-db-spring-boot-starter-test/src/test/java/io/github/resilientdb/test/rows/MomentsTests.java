package io.github.resilientdb.test.rows;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

import io.github.resilientdb.test.rows.Moments.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Points in time of a run that begins at ten and ends at half past.
 */
class MomentsTests {

	private static final Instant TEN = Instant.parse("2026-01-01T10:00:00Z");

	private final Moments moments = new Moments(TEN, TEN.plus(Duration.ofMinutes(30)));

	@ParameterizedTest
	@CsvSource({ "2026-01-01 10:15:00+00, true", "2026-01-01 09:54:00+00, true", "2026-01-01 09:52:00+00, false",
			"2026-01-01 10:36:00+00, true", "2026-01-01 10:38:00+00, false", "2026-01-01T12:15:00.123456+02:00, true",
			"2026-01-01T12:15:00+0200[Europe/Berlin], true", "2026-01-01 12:15:00+00, false", "2026-01-01T10:15, true",
			"10:15:00+00, true", "09:00:00+00, false", "24:00:00+00, false", "infinity, false", "1767262500, true",
			"1767262500000, true", "1767262500000000, true", "1767272500, false", "17672, false", "2026-01-01, false" })
	void knowsItsOwn(String text, boolean own) {
		assertThat(this.moments.isOwn(text)).isEqualTo(own);
	}

	@Test
	void takesWhatHasNoZoneForLocal() {
		Moments now = new Moments(Instant.now(), Instant.now());
		assertThat(now.isOwn(LocalDateTime.now().toString())).isTrue();
		assertThat(now.isOwn(LocalDateTime.now(ZoneOffset.UTC).toString())).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "2026-01-01 10:15:00+00, EXACT, <now>", "2030-01-01 00:00:00+00, EXACT, 2030-01-01 00:00:00+00",
			"infinity, EXACT, infinity", "2030-01-01 00:00:00+00, SHAPE, <time>", "1767272500, SHAPE, 1767272500" })
	void labels(String text, Precision precision, String label) {
		assertThat(this.moments.label(text, precision, Times.NONE)).isEqualTo(label);
	}

	@ParameterizedTest
	@CsvSource({ "2026-01-01 10:15:00.5+00, false", "2026-01-01 10:15:00+00, true", "1767262500, true",
			"1067262500, false", "2030-01-01 00:00:00+00, false", "17672, false" })
	void knowsWhatMayMove(String text, boolean moves) {
		assertThat(this.moments.mayMove(text)).isEqualTo(moves);
	}

}
