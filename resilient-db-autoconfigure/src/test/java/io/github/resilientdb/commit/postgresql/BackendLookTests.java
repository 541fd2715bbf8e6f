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

	/**
	 * What the server behind another connection says of itself. It may be any server that
	 * the address leads to by then: a standby among several that share the load, a former
	 * primary, a copy.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "?", textBlock = """
			# cluster, timeline, start of the server and of the process before | and the server now | what that says
			# the same server; ASK: the process is asked for
			a | 1 | 10 | 15 | a | 1 | 10 | ASK
			a | ? | 10 | 15 | a | ? | 10 | ASK
			? | ? | 10 | 15 | ? | ? | 10 | ASK
			# a standby that was promoted serves on
			a | ? | 10 | 15 | a | 2 | 10 | ASK
			# the process didn't say which one it is
			a | 1 | 10 | ?  | a | 1 | 10 | UNIDENTIFIED
			# the primary was restarted
			a | 1 | 10 | 15 | a | 1 | 20 | GONE
			# another one that looks like it, and is older than the process
			a | 1 | 10 | 15 | a | 1 | 12 | ELSEWHERE
			a | 1 | 10 | 15 | a | 1 | 9  | ELSEWHERE
			a | 1 | 10 | ?  | a | 1 | 20 | ELSEWHERE
			# a new primary
			a | 1 | 10 | 15 | a | 2 | 20 | SUPERSEDED
			a | 1 | 10 | 15 | a | 2 | 9  | SUPERSEDED
			a | 1 | 10 | 15 | a | 2 | 10 | SUPERSEDED
			# a former primary, which doesn't know yet
			a | 2 | 10 | 15 | a | 1 | 20 | ELSEWHERE
			# a standby, which tells no timeline: of the primary, of a later one, and seen from another standby
			a | 1 | 10 | 15 | a | ? | 20 | ELSEWHERE
			a | 1 | 10 | 15 | a | ? | 9  | ELSEWHERE
			a | ? | 10 | 15 | a | ? | 20 | ELSEWHERE
			# the primary, seen from a standby: that one may be alive
			a | ? | 10 | 15 | a | 1 | 20 | ELSEWHERE
			# another cluster, or one that doesn't say which one it is
			a | 1 | 10 | 15 | b | 1 | 20 | ELSEWHERE
			a | 1 | 10 | 15 | b | 2 | 20 | ELSEWHERE
			? | 1 | 10 | 15 | ? | 2 | 20 | ELSEWHERE
			? | 1 | 10 | 15 | ? | 1 | 20 | ELSEWHERE
			a | 1 | 10 | 15 | ? | 1 | 20 | ELSEWHERE
			a | 1 | ?  | 15 | a | 1 | 10 | UNIDENTIFIED
			a | 1 | 10 | 15 | a | 1 | ?  | UNIDENTIFIED
			? | ? | ?  | ?  | ? | ? | ?  | UNIDENTIFIED
			""")
	void anotherServerKnowsNothingOfAProcess(@Nullable String cluster, @Nullable String timeline,
			@Nullable String start, @Nullable String process, @Nullable String nowCluster, @Nullable String nowTimeline,
			@Nullable String nowStart, String expected) {
		ServerState before = new ServerState(1, process, timeline == null, false,
				new ContinuityToken(cluster, timeline, "1", start));
		ServerState now = new ServerState(2, "2", nowTimeline == null, false,
				new ContinuityToken(nowCluster, nowTimeline, "1", nowStart));
		BackendState known = BackendLook.known(before, now);
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
