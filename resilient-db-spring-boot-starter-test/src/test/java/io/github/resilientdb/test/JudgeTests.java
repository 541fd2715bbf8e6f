package io.github.resilientdb.test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import io.github.resilientdb.test.Judge.Judgement;
import io.github.resilientdb.test.rows.Schema;
import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import io.github.resilientdb.test.rows.Snapshot;
import io.github.resilientdb.test.rows.Snapshots;
import io.github.resilientdb.test.values.ValueRenderer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The verdicts.
 */
class JudgeTests {

	private static final Schema SCHEMA = new Schema(List.of(new Table("note", List
		.of(new Column("note", "id", "bigint", true, "identity"), new Column("note", "text", "text", false, null)))),
			Map.of());

	private static final Snapshot BEFORE = notes();

	private final Judge judge = judge(observed(notes("1", "a"), "Note[id=1]", null));

	@Test
	void isTheSameWithAnotherKey() {
		assertVerdict(observed(notes("7", "a"), "Note[id=7]", null), Verdict.SAME);
	}

	@Test
	void setsAreOfTheSameKeysWhateverTheirOrder() {
		Judge judge = judge(observed(notes("1", "a", "2", "b"), result("1", "2"), null));
		Judgement same = judge.judge(observed(notes("10", "a", "9", "b"), result("10", "9"), null));
		assertThat(same.verdict()).as(same.explanation()).isEqualTo(Verdict.SAME);
		Judgement other = judge.judge(observed(notes("10", "a", "9", "b"), result("10", "8"), null));
		assertThat(other.verdict()).isEqualTo(Verdict.DIFFERENT);
		assertThat(other.explanation()).contains("expected result [[1, 2], [1=a, 2=b]] but was");
		Judgement swapped = judge.judge(observed(notes("10", "a", "9", "b"), result("9", "10"), null));
		assertThat(swapped.verdict()).isEqualTo(Verdict.DIFFERENT);
	}

	private static String result(String first, String second) {
		return ValueRenderer.renderAll(List.of(Set.of(first, second), Map.of(first, "a", second, "b")));
	}

	@Test
	void isTheSameWithOtherUuids() {
		Judge judge = judge(observed(BEFORE, uuids(1, 2), null));
		assertThat(judge.judge(observed(BEFORE, uuids(4, 3), null)).verdict()).isEqualTo(Verdict.SAME);
		assertThat(judge.judge(observed(BEFORE, uuids(4, 4), null)).verdict()).isEqualTo(Verdict.DIFFERENT);
	}

	private static String uuids(int first, int second) {
		Map<UUID, Integer> uuids = new HashMap<>();
		uuids.put(new UUID(first, 0), 1);
		uuids.put(new UUID(second, 0), 2);
		return ValueRenderer.renderAll(uuids);
	}

	@Test
	void isDifferentIfTheResultNamesAnotherKey() {
		assertVerdict(observed(notes("7", "a"), "Note[id=8]", null), Verdict.DIFFERENT);
	}

	@Test
	void isDifferentIfARowIsMissing() {
		Judgement judgement = assertVerdict(observed(notes(), "Note[id=1]", null), Verdict.DIFFERENT);
		assertThat(judgement.explanation()).contains("- id=1, text=a");
	}

	@Test
	void isDuplicatedIfARowIsThereTwice() {
		assertVerdict(observed(notes("7", "a", "8", "a"), "Note[id=8]", null), Verdict.DUPLICATED);
	}

	@Test
	void failsWithoutAChange() {
		assertVerdict(observed(BEFORE, "", new IllegalStateException("lost")), Verdict.FAILED_UNCHANGED);
	}

	@Test
	void failsWithAChange() {
		assertVerdict(observed(notes("7", "a"), "", new IllegalStateException("lost")), Verdict.FAILED_CHANGED);
	}

	@Test
	void isTheSameIfItFailsAsUsual() {
		Judge judge = judge(observed(BEFORE, "", new IllegalStateException("too poor")));
		assertThat(judge.judge(observed(BEFORE, "", new IllegalStateException("too poor"))).verdict())
			.isEqualTo(Verdict.SAME);
		assertThat(judge.judge(observed(BEFORE, "", new IllegalStateException("lost"))).verdict())
			.isEqualTo(Verdict.FAILED_UNCHANGED);
		assertThat(judge.judge(observed(BEFORE, "ok", null)).verdict()).isEqualTo(Verdict.DIFFERENT);
	}

	@Test
	void aServersErrorIsAFailure() {
		Judge judge = judge(observed(notes("1", "a"), "status 200 OK, body 1", null));
		Judgement unchanged = judge.judge(observed(BEFORE, "status 500 INTERNAL_SERVER_ERROR, body", null));
		assertThat(unchanged.verdict()).isEqualTo(Verdict.FAILED_UNCHANGED);
		assertThat(unchanged.explanation()).startsWith("Answered: status 500");
		assertThat(judge.judge(observed(notes("7", "a"), "status 503, body", null)).verdict())
			.isEqualTo(Verdict.FAILED_CHANGED);
		assertThat(judge.judge(observed(BEFORE, "status 409 CONFLICT, body", null)).verdict())
			.isEqualTo(Verdict.DIFFERENT);
	}

	@Test
	void anyOtherAnswerMayTellThatTheOutcomeIsUnknown() {
		Judge judge = judge(observed(notes("1", "a"), "status 200 OK, body 1", null));
		for (String answer : List.of("status 503 SERVICE_UNAVAILABLE, body", "status 409 CONFLICT, body")) {
			for (Snapshot rows : List.of(BEFORE, notes("7", "a"))) {
				assertThat(judge.judge(unknown(rows, answer)).verdict()).as(answer).isEqualTo(Verdict.UNKNOWN);
			}
		}
	}

	@Test
	void theUsualAnswerDoesNotTellThatTheOutcomeIsUnknown() {
		Judge judge = judge(observed(notes("1", "a"), "status 200 OK, body 1", null));
		assertThat(judge.judge(unknown(BEFORE, "status 200 OK, body 1")).verdict()).isEqualTo(Verdict.DIFFERENT);
		assertThat(judge.judge(unknown(notes("1", "a"), "status 200 OK, body 1")).verdict()).isEqualTo(Verdict.SAME);
		assertThat(this.judge.judge(unknown(BEFORE, "Note[id=1]")).verdict()).isEqualTo(Verdict.DIFFERENT);
	}

	@Test
	void hearsEventsAgainButNoNewOnes() {
		Judge judge = judge(events(List.of("a", "b"), List.of()));
		assertThat(judge.judge(events(List.of("a", "a", "b"), List.of())).verdict()).isEqualTo(Verdict.SAME);
		assertThat(judge.judge(events(List.of("a"), List.of())).verdict()).isEqualTo(Verdict.DIFFERENT);
		assertThat(judge.judge(events(List.of("a", "b", "c"), List.of())).verdict()).isEqualTo(Verdict.DIFFERENT);
	}

	@Test
	void hearsEventsOfRowsThatWereRolledBack() {
		Judge judge = judge(noted("1", "Note[id=1]"));
		assertThat(judge.judge(noted("7", "Note[id=6]", "Note[id=7]")).verdict()).isEqualTo(Verdict.SAME);
		assertThat(judge.judge(noted("7", "Note[id=6]")).verdict()).isEqualTo(Verdict.DIFFERENT);
		assertThat(judge.judge(noted("7", "Note[id=7]", "Note[id=x]")).verdict()).isEqualTo(Verdict.DIFFERENT);
		assertThat(judge.judge(noted("7", "Note[id=7]", "Mail[id=6]")).verdict()).isEqualTo(Verdict.DIFFERENT);
	}

	@Test
	void hearsCallbacksOnce() {
		Judge judge = judge(events(List.of(), List.of("a")));
		assertThat(judge.judge(events(List.of(), List.of("a"))).verdict()).isEqualTo(Verdict.SAME);
		assertThat(judge.judge(events(List.of(), List.of("a", "a"))).verdict()).isEqualTo(Verdict.DIFFERENT);
		assertThat(judge.judge(events(List.of(), List.of())).verdict()).isEqualTo(Verdict.DIFFERENT);
	}

	@Test
	void countsEffectsPerAttempt() {
		Judge judge = new Judge(Map.of(), Map.of(), effect("1", 1), Set.of("mails"), Set.of());
		assertThat(judge.judge(effect("2", 2)).verdict()).isEqualTo(Verdict.SAME);
		assertThat(judge.judge(effect("2", 1)).verdict()).isEqualTo(Verdict.DIFFERENT);
		assertThat(judge.judge(effect("0", 2)).verdict()).isEqualTo(Verdict.DIFFERENT);
	}

	@Test
	void seesOpenTransactions() {
		Observation open = new Observation(Map.of("db", notes("1", "a")), "Note[id=1]", null, List.of(), List.of(),
				Map.of(), 1, 1, false);
		assertVerdict(open, Verdict.DIFFERENT);
	}

	private Judgement assertVerdict(Observation observed, Verdict verdict) {
		Judgement judgement = this.judge.judge(observed);
		assertThat(judgement.verdict()).as(judgement.explanation()).isEqualTo(verdict);
		return judgement;
	}

	private static Judge judge(Observation expected) {
		return new Judge(Map.of("db", SCHEMA.rules()), Map.of("db", BEFORE), expected, Set.of(), Set.of());
	}

	private static Observation observed(Snapshot rows, String result, @Nullable Throwable thrown) {
		return new Observation(Map.of("db", rows), result, thrown, List.of(), List.of(), Map.of(), 0, 1, false);
	}

	private static Observation unknown(Snapshot rows, String answer) {
		return new Observation(Map.of("db", rows), answer, null, List.of(), List.of(), Map.of(), 0, 1, true);
	}

	private static Observation events(List<String> events, List<String> callbacks) {
		return new Observation(Map.of("db", BEFORE), "", null, events, callbacks, Map.of(), 0, 2, false);
	}

	private static Observation noted(String id, String... events) {
		return new Observation(Map.of("db", notes(id, "a")), "", null, List.of(events), List.of(), Map.of(), 0, 2,
				false);
	}

	private static Observation effect(String count, int attempts) {
		return new Observation(Map.of(), "", null, List.of(), List.of(), Map.of("mails", count), 0, attempts, false);
	}

	private static Snapshot notes(String... values) {
		List<List<@Nullable String>> rows = new ArrayList<>();
		for (int i = 0; i < values.length; i += 2) {
			rows.add(Arrays.asList(values[i], values[i + 1]));
		}
		return Snapshots.of(Map.of("note", rows));
	}

}
