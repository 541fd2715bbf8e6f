package io.github.resilientdb.pool.guard;

import io.github.resilientdb.pool.guard.ConnectionState.Signal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectionStateTests {

	@ParameterizedTest
	@CsvSource({ "OPEN, LEND, LENT", "OPEN, REFUSE, REFUSED", "OPEN, LOSE, LOST", "OPEN, DETACH, DETACHED",
			"LENT, LEND, LENT", "LENT, REFUSE, REFUSED", "LENT, LOSE, LOST", "LENT, DETACH, DETACHED",
			"REFUSED, LEND, REFUSED", "REFUSED, REFUSE, REFUSED", "REFUSED, LOSE, LOST", "REFUSED, DETACH, DETACHED",
			"LOST, LEND, LOST", "LOST, REFUSE, LOST", "LOST, LOSE, LOST", "LOST, DETACH, LOST",
			"DETACHED, LEND, DETACHED", "DETACHED, REFUSE, DETACHED", "DETACHED, LOSE, DETACHED",
			"DETACHED, DETACH, DETACHED" })
	void moves(ConnectionState state, Signal signal, ConnectionState next) {
		assertThat(state.on(signal)).isEqualTo(next);
	}

	@ParameterizedTest
	@CsvSource({ "OPEN, false", "LENT, false", "REFUSED, false", "LOST, true", "DETACHED, true" })
	void isOverWhenNothingCanBeSentAnyMore(ConnectionState state, boolean over) {
		assertThat(state.isOver()).isEqualTo(over);
	}

}
