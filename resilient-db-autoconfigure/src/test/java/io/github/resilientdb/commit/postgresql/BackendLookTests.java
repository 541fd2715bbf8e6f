package io.github.resilientdb.commit.postgresql;

import io.github.resilientdb.commit.BackendState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BackendLook}.
 */
class BackendLookTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "?", textBlock = """
			# cluster, timeline, start of the server before | and now | what that says; ASK: the process is asked for
			a | 1 | 10 | a | 1 | 10 | ASK
			a | 1 | 10 | a | 1 | 20 | GONE
			a | 1 | 10 | a | 2 | 20 | SUPERSEDED
			a | 1 | 10 | a | 2 | 10 | SUPERSEDED
			a | 2 | 10 | a | 1 | 20 | ELSEWHERE
			a | 1 | 10 | a | ? | 20 | ELSEWHERE
			a | ? | 10 | a | ? | 20 | ELSEWHERE
			a | ? | 10 | a | ? | 10 | ASK
			a | 1 | 10 | b | 1 | 20 | ELSEWHERE
			a | 1 | 10 | b | 2 | 20 | ELSEWHERE
			? | 1 | 10 | ? | 2 | 20 | ELSEWHERE
			? | ? | 10 | ? | ? | 10 | ASK
			a | 1 | ?  | a | 1 | 10 | UNIDENTIFIED
			a | 1 | 10 | a | 1 | ?  | UNIDENTIFIED
			? | ? | ?  | ? | ? | ?  | UNIDENTIFIED
			""")
	void anotherServerKnowsNothingOfAProcess(@Nullable String cluster, @Nullable String timeline,
			@Nullable String start, @Nullable String nowCluster, @Nullable String nowTimeline,
			@Nullable String nowStart, String expected) {
		ServerState now = new ServerState(2, "2", false, false,
				new ContinuityToken(nowCluster, nowTimeline, "1", nowStart));
		BackendState known = BackendLook.known(new ContinuityToken(cluster, timeline, "1", start), now);
		assertThat((known != null) ? known.name() : "ASK").isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource(nullValues = "?", textBlock = """
			active, ?, WORKING
			active, DataFileRead, WORKING
			active, SyncRep, WORKING
			active, transactionid, WORKING
			fastpath function call, ?, WORKING
			active, ClientWrite, WAITING
			active, ClientRead, WAITING
			idle, ClientRead, WAITING
			idle in transaction, ClientRead, WAITING
			idle in transaction (aborted), ClientRead, WAITING
			idle, ?, WAITING
			disabled, ?, UNIDENTIFIED
			?, ?, UNIDENTIFIED
			""")
	void aProcessWorksOrWaits(@Nullable String state, @Nullable String waitEvent, BackendState expected) {
		assertThat(BackendLook.of(state, waitEvent)).isEqualTo(expected);
	}

}
