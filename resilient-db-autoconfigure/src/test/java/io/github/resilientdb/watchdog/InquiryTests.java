package io.github.resilientdb.watchdog;

import java.time.Duration;

import io.github.resilientdb.commit.BackendState;
import io.github.resilientdb.watchdog.Step.Cut;
import io.github.resilientdb.watchdog.Step.LookAgain;
import io.github.resilientdb.watchdog.Step.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When a call that waits is ended, and when it is left alone.
 */
class InquiryTests {

	private static final long AFTER = Duration.ofSeconds(5).toNanos();

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			# looks, each 800 ms long       | quiet for | end or leave alone
			WORKING                         | 9s        | leave
			WORKING,WORKING,WORKING,WORKING | 99s       | leave
			GONE                            | 5s        | BACKEND_GONE
			SUPERSEDED                      | 5s        | SUPERSEDED
			WAITING                         | 5s        | leave
			WAITING,WAITING                 | 5s        | BACKEND_WAITS
			WAITING,WORKING,WAITING         | 5s        | leave
			WAITING,SILENT,WAITING          | 5s        | leave
			SILENT                          | 9s        | leave
			SILENT,SILENT                   | 9s        | leave
			SILENT,SILENT,SILENT            | 9s        | UNREACHABLE
			SILENT,SILENT,SILENT            | 4s        | leave
			SILENT,SILENT,SILENT,SILENT     | 1s        | leave
			SILENT,SILENT,SILENT,SILENT     | 6s        | UNREACHABLE
			SILENT,INCONCLUSIVE,SILENT      | 9s        | leave
			SILENT,SILENT,INCONCLUSIVE      | 9s        | leave
			SILENT,SILENT,WORKING,SILENT    | 9s        | leave
			SILENT,SILENT,WAITING,SILENT    | 9s        | leave
			INCONCLUSIVE                    | 99s       | leave
			INCONCLUSIVE,INCONCLUSIVE       | 99s       | leave
			SILENT,SILENT,SILENT,GONE       | 9s        | BACKEND_GONE
			""")
	void onlyCertaintyEndsACall(String looks, String quiet, String expected) {
		Inquiry inquiry = Inquiry.BEGUN;
		Step last = new LookAgain(0);
		long now = 1;
		for (String name : looks.split(",")) {
			Look look = Look.valueOf(name);
			long began = now;
			now += Duration.ofMillis(800).toNanos();
			inquiry = inquiry.noted(look, began, now);
			last = inquiry.decide(look, Duration.parse("PT" + quiet).toNanos(), AFTER, now);
		}
		if (expected.equals("leave")) {
			assertThat(last).isInstanceOf(LookAgain.class);
		}
		else {
			assertThat(last).isEqualTo(new Cut(Reason.valueOf(expected)));
		}
	}

	@Test
	void threeQuickFailuresAreNoSilence() {
		Inquiry inquiry = Inquiry.BEGUN;
		for (int i = 0; i < 3; i++) {
			inquiry = inquiry.noted(Look.SILENT, 1 + i, 2 + i);
		}
		assertThat(inquiry.decide(Look.SILENT, AFTER, AFTER, 5)).isInstanceOf(LookAgain.class);
		assertThat(inquiry.decide(Look.SILENT, AFTER, AFTER, 1 + Inquiry.SILENT_AT_LEAST))
			.isEqualTo(new Cut(Reason.UNREACHABLE));
	}

	@Test
	void anAnswerThatIsUnderWayIsWaitedFor() {
		Inquiry inquiry = Inquiry.BEGUN.noted(Look.WAITING, 1, 2);
		assertThat(inquiry.decide(Look.WAITING, AFTER, AFTER, 2)).isEqualTo(new LookAgain(Inquiry.UNDER_WAY));
	}

	@ParameterizedTest
	@CsvSource({ "WORKING,WORKING", "WAITING,WAITING", "GONE,GONE", "SUPERSEDED,SUPERSEDED", "ELSEWHERE,INCONCLUSIVE",
			"UNIDENTIFIED,INCONCLUSIVE" })
	void whatTheServerSaysIsALook(BackendState state, Look expected) {
		assertThat(Look.of(state)).isEqualTo(expected);
	}

}
