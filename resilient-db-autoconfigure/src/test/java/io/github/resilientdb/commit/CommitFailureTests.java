package io.github.resilientdb.commit;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CommitFailureTests {

	@ParameterizedTest
	@ValueSource(strings = { "23505", "23503", "40001", "40P01", "25P02", "57014", "53100", "P0001", "42501", "25006" })
	void refusalOfALiveConnectionIsDefinite(String sqlState) {
		assertThat(CommitFailure.isDefinite(sqlState, false)).isTrue();
		assertThat(CommitFailure.isDefinite(sqlState, true)).isFalse();
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", "08000", "08003", "08006", "08P01", "08S01", "57P01", "57P02", "57P03", "57P05",
			"58000", "58030", "XX000", "XX001", "40003" })
	void lossIsNotDefinite(String sqlState) {
		assertThat(CommitFailure.isDefinite(sqlState, false)).isFalse();
		assertThat(CommitFailure.isDefinite(sqlState, true)).isFalse();
	}

	@Test
	void failureOfTheDriverItselfIsALoss() {
		SQLException failure = CommitFailure.of(new IllegalStateException("broken"));
		assertThat(CommitFailure.isDefinite(failure.getSQLState(), false)).isFalse();
		assertThat(failure.getCause()).hasMessage("broken");
	}

}
