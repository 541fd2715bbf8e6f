package io.github.resilientdb.attempt;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TransactionPhase}.
 */
class TransactionPhaseTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			# from,         BEGUN,          COMMITTING,     ROLLING_BACK,   has begun
			UNMANAGED,      BEGUN,          COMMITTING,     ROLLING_BACK,   false
			ANNOUNCED,      BEGUN,          COMMITTING,     ROLLING_BACK,   false
			BEGUN,          BEGUN,          COMMITTING,     ROLLING_BACK,   true
			COMMITTING,     COMMITTING,     COMMITTING,     COMMITTING,     true
			ROLLING_BACK,   ROLLING_BACK,   ROLLING_BACK,   ROLLING_BACK,   true
			""")
	void goesOnlyForward(TransactionPhase from, TransactionPhase begun, TransactionPhase committing,
			TransactionPhase rollingBack, boolean hasBegun) {
		assertThat(from.reach(TransactionPhase.BEGUN)).isEqualTo(begun);
		assertThat(from.reach(TransactionPhase.COMMITTING)).isEqualTo(committing);
		assertThat(from.reach(TransactionPhase.ROLLING_BACK)).isEqualTo(rollingBack);
		assertThat(from.hasBegun()).isEqualTo(hasBegun);
	}

}
