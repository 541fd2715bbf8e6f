package com.example.bank.trial;

import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class TallyTests {

	/**
	 * What the client was told, how often it is booked, and what that is: calls, failed,
	 * gave up, unknown, failed yet booked, booked twice, lost, cents expected and booked.
	 */
	static Stream<Arguments> cases() {
		return Stream.of(Arguments.of(null, 0, tally(0, 0, 0, 0, 0, 0, 0, 0, 0)),
				Arguments.of(null, 1, tally(0, 0, 0, 0, 0, 0, 0, 5, 5)),
				Arguments.of(null, 2, tally(0, 0, 0, 0, 0, 1, 0, 5, 10)),
				Arguments.of(Answer.DONE, 0, tally(1, 0, 0, 0, 0, 0, 1, 5, 0)),
				Arguments.of(Answer.DONE, 1, tally(1, 0, 0, 0, 0, 0, 0, 5, 5)),
				Arguments.of(Answer.DONE, 3, tally(1, 0, 0, 0, 0, 1, 0, 5, 15)),
				Arguments.of(Answer.FAILED, 0, tally(1, 1, 0, 0, 0, 0, 0, 0, 0)),
				Arguments.of(Answer.FAILED, 1, tally(1, 1, 0, 0, 1, 0, 0, 0, 5)),
				Arguments.of(Answer.FAILED, 2, tally(1, 1, 0, 0, 1, 1, 0, 0, 10)),
				Arguments.of(Answer.GAVE_UP, 0, tally(1, 0, 1, 0, 0, 0, 0, 0, 0)),
				Arguments.of(Answer.GAVE_UP, 1, tally(1, 0, 1, 0, 1, 0, 0, 0, 5)),
				Arguments.of(Answer.UNKNOWN, 0, tally(1, 0, 0, 1, 0, 0, 0, 0, 0)),
				Arguments.of(Answer.UNKNOWN, 1, tally(1, 0, 0, 1, 0, 0, 0, 5, 5)),
				Arguments.of(Answer.UNKNOWN, 2, tally(1, 0, 0, 1, 0, 1, 0, 5, 10)));
	}

	@ParameterizedTest
	@MethodSource("cases")
	void comparesWhatWasToldWithWhatIsBooked(@Nullable Answer answer, int booked, Tally expected) {
		Call waiting = Call.begin(UUID.randomUUID(), 5, 0);
		assertThat(Tally.of((answer != null) ? waiting.end(answer, 1) : waiting, booked)).isEqualTo(expected);
		assertThat(expected.plus(expected).bookedCents()).isEqualTo(2L * 5 * booked);
	}

	private static Tally tally(long... figures) {
		return new Tally(figures[0], figures[1], figures[2], figures[3], figures[4], figures[5], figures[6], figures[7],
				figures[8]);
	}

}
