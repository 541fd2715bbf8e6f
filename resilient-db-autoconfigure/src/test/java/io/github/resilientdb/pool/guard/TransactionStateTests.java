package io.github.resilientdb.pool.guard;

import io.github.resilientdb.pool.guard.TransactionState.Signal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class TransactionStateTests {

	@ParameterizedTest
	@CsvSource({ "AUTO_COMMIT, USED, AUTO_COMMIT", "AUTO_COMMIT, EXECUTED, AUTO_COMMIT",
			"AUTO_COMMIT, ENDED, AUTO_COMMIT", "AUTO_COMMIT, AUTO_COMMIT_ON, AUTO_COMMIT",
			"AUTO_COMMIT, AUTO_COMMIT_OFF, NOTHING", "NOTHING, USED, OPEN", "NOTHING, EXECUTED, WORK",
			"NOTHING, ENDED, NOTHING", "NOTHING, AUTO_COMMIT_ON, AUTO_COMMIT", "NOTHING, AUTO_COMMIT_OFF, NOTHING",
			"OPEN, USED, OPEN", "OPEN, EXECUTED, WORK", "OPEN, ENDED, NOTHING", "OPEN, AUTO_COMMIT_ON, AUTO_COMMIT",
			"OPEN, AUTO_COMMIT_OFF, OPEN", "WORK, USED, WORK", "WORK, EXECUTED, WORK", "WORK, ENDED, NOTHING",
			"WORK, AUTO_COMMIT_ON, AUTO_COMMIT", "WORK, AUTO_COMMIT_OFF, WORK",
			"AUTO_COMMIT, DRIVER_EXPOSED, AUTO_COMMIT", "NOTHING, DRIVER_EXPOSED, EXPOSED",
			"OPEN, DRIVER_EXPOSED, EXPOSED", "WORK, DRIVER_EXPOSED, WORK", "EXPOSED, DRIVER_EXPOSED, EXPOSED",
			"EXPOSED, USED, EXPOSED", "EXPOSED, EXECUTED, WORK", "EXPOSED, ENDED, NOTHING",
			"EXPOSED, AUTO_COMMIT_ON, AUTO_COMMIT", "EXPOSED, AUTO_COMMIT_OFF, EXPOSED" })
	void moves(TransactionState state, Signal signal, TransactionState next) {
		assertThat(state.on(signal)).isEqualTo(next);
	}

	@ParameterizedTest
	@CsvSource({ "AUTO_COMMIT, false, false", "AUTO_COMMIT, true, false", "NOTHING, false, false",
			"NOTHING, true, false", "OPEN, false, true", "OPEN, true, false", "WORK, false, true", "WORK, true, true",
			"EXPOSED, false, true", "EXPOSED, true, true" })
	void mayHaveToCommit(TransactionState state, boolean dead, boolean expected) {
		assertThat(state.mayHaveToCommit(dead)).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "AUTO_COMMIT, false", "NOTHING, false", "OPEN, true", "WORK, true", "EXPOSED, true" })
	void isOpen(TransactionState state, boolean expected) {
		assertThat(state.isOpen()).isEqualTo(expected);
	}

}
