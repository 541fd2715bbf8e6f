package io.github.resilientdb.commit.postgresql;

import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WhyUnknown}.
 */
class WhyUnknownTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			                                           | NO_TIME_LEFT
			NO_CONNECTION                              | UNREACHABLE
			NO_TIME                                    | UNREACHABLE
			FAILURE                                    | UNREACHABLE
			NO_CONNECTION FAILURE                      | UNREACHABLE
			STILL_IN_PROGRESS                          | STILL_IN_PROGRESS
			STILL_IN_PROGRESS NOT_REPLICATED           | NOT_REPLICATED
			NOT_REPLICATED FAILURE                     | NOT_REPLICATED
			NOT_REPLICATED NO_TIME                     | NOT_REPLICATED
			NOT_REPLICATED NO_CONNECTION               | UNREACHABLE
			NOT_REPLICATED NO_CONNECTION NO_TIME       | UNREACHABLE
			NOT_REPLICATED NO_CONNECTION FAILURE       | NOT_REPLICATED
			NOT_REPLICATED FAILURE NO_CONNECTION       | UNREACHABLE
			NOT_REPLICATED NO_CONNECTION STANDBY_ONLY  | STANDBY_ONLY
			""")
	void eachRoundCounts(String rounds, UnknownReason reason) {
		WhyUnknown why = WhyUnknown.START;
		for (String round : (rounds != null) ? rounds.split(" ") : new String[0]) {
			why = switch (round) {
				case "NO_CONNECTION" -> why.afterNoConnection(false);
				case "NO_TIME" -> why.afterNoConnection(true);
				case "FAILURE" -> why.afterFailure();
				default -> why.afterAnswer(UnknownReason.valueOf(round));
			};
		}
		assertThat(why.reason()).isEqualTo(reason);
	}

}
