package io.github.resilientdb.pool.connect;

import java.sql.SQLException;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Absence}.
 */
class AbsenceTests {

	private static final SQLException FIRST = new SQLException("first", "08001");

	private static final SQLException NEXT = new SQLException("next", "57P03");

	private final Absence absence = new Absence(ConnectFailure.REFUSED, FIRST);

	@Test
	void knowsWhyAndSinceWhen() {
		assertThat(this.absence.meaning()).isEqualTo(ConnectFailure.REFUSED);
		assertThat((Throwable) this.absence.failure()).isSameAs(FIRST);
		assertThat(this.absence.lasting(System.nanoTime())).isNotNegative();
		long later = System.nanoTime() + Duration.ofMinutes(1).toNanos();
		assertThat(this.absence.lasting(later)).isGreaterThan(Duration.ofSeconds(59).toNanos());
		failed(ConnectFailure.NOT_YET, NEXT, Duration.ZERO);
		assertThat(this.absence.meaning()).isEqualTo(ConnectFailure.NOT_YET);
		assertThat((Throwable) this.absence.failure()).isSameAs(NEXT);
	}

	@Test
	void aSilentServerGetsMoreTimeEachTimeUpToALimit() {
		for (int seconds : new int[] { 1, 2, 4, 8, 10, 10 }) {
			assertThat(this.absence.patience()).isEqualTo(Duration.ofSeconds(seconds).toNanos());
			failed(ConnectFailure.SILENT, FIRST, Duration.ZERO);
		}
	}

	@Test
	void soDoesOneThatTookMostOfItsTimeWhateverAnotherAnswered() {
		failed(ConnectFailure.NOT_YET, NEXT, Duration.ofMillis(500));
		assertThat(this.absence.patience()).isEqualTo(Duration.ofSeconds(2).toNanos());
		failed(ConnectFailure.NOT_YET, NEXT, Duration.ofMillis(1250));
		assertThat(this.absence.patience()).isEqualTo(Duration.ofSeconds(4).toNanos());
	}

	@Test
	void onePromptAnswerEndsThePatience() {
		failed(ConnectFailure.SILENT, FIRST, Duration.ZERO);
		failed(ConnectFailure.SILENT, FIRST, Duration.ZERO);
		failed(ConnectFailure.NOT_YET, NEXT, Duration.ofMillis(10));
		assertThat(this.absence.patience()).isEqualTo(Absence.SHORTEST_TELLING_ATTEMPT);
	}

	@ParameterizedTest
	@CsvSource({ "SILENT, 900, 900, true", "SILENT, 900, 450, true", "SILENT, 900, 449, false",
			"SILENT, 1000, 1000, false", "REFUSED, 900, 900, false", "NOT_YET, 900, 900, false" })
	void anAttemptThatWasGivenUpTooSoonSaysNothing(ConnectFailure meaning, long allowed, long took, boolean nothing) {
		assertThat(Absence.isUntold(meaning, Duration.ofMillis(allowed).toNanos(), Duration.ofMillis(took).toNanos()))
			.isEqualTo(nothing);
	}

	private void failed(ConnectFailure meaning, SQLException failure, Duration took) {
		this.absence.failed(meaning, failure, took.toNanos());
	}

}
