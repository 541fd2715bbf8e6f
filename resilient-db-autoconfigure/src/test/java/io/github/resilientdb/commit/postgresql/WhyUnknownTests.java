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
			NO_CONNECTION                                    | UNREACHABLE
			FAILURE                                          | UNREACHABLE
			NO_CONNECTION FAILURE                            | UNREACHABLE
			STILL_IN_PROGRESS                                | STILL_IN_PROGRESS
			STILL_IN_PROGRESS NOT_REPLICATED                 | NOT_REPLICATED
			STILL_IN_PROGRESS UNREACHABLE                    | UNREACHABLE
			NOT_REPLICATED NO_CONNECTION                     | UNREACHABLE
			NOT_REPLICATED FAILURE                           | NOT_REPLICATED
			NOT_REPLICATED NO_CONNECTION FAILURE             | NOT_REPLICATED
			NOT_REPLICATED FAILURE NO_CONNECTION             | UNREACHABLE
			NOT_REPLICATED NO_CONNECTION STANDBY_ONLY        | STANDBY_ONLY
			NOT_REPLICATED NO_CONNECTION UNREACHABLE FAILURE | UNREACHABLE
			""")
	void eachRoundCounts(String rounds, UnknownReason reason) {
		WhyUnknown why = WhyUnknown.START;
		for (String round : (rounds != null) ? rounds.split(" ") : new String[0]) {
			why = switch (round) {
				case "NO_CONNECTION" -> why.afterNoConnection();
				case "FAILURE" -> why.afterFailure();
				default -> why.afterQuestion(UnknownReason.valueOf(round));
			};
		}
		assertThat(why.reason()).isEqualTo(reason);
	}

}
