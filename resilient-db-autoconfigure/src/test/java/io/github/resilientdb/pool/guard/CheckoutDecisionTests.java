package io.github.resilientdb.pool.guard;

import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class CheckoutDecisionTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			ALWAYS, false, 0,   LOOK
			ALWAYS, false, 500, LOOK
			ALWAYS, false, 501, ASK
			ALWAYS, true,  0,   ASK
			IDLE,   false, 0,   LEND
			IDLE,   false, 500, LEND
			IDLE,   false, 501, ASK
			IDLE,   true,  0,   ASK
			OFF,    false, 0,   LEND
			OFF,    false, 501, LEND
			OFF,    true,  0,   ASK
			""")
	void decides(PrePing prePing, boolean suspect, long idle, CheckoutDecision decision) {
		assertThat(CheckoutDecision.of(prePing, suspect, idle, 500)).isEqualTo(decision);
	}

}
