package io.github.resilientdb.test.rows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which points in time are the same in the rows of runs that begin some seconds after ten
 * o'clock.
 */
class TimeRulesTests {

	private static final Schema SCHEMA = new Schema(List.of(new Table("loan",
			List.of(new Column("loan", "book", "text", false, null),
					new Column("loan", "until", "timestamp with time zone", false, null),
					new Column("loan", "seconds", "bigint", false, null)))),
			Map.of());

	@Test
	void comparesPointsInTimeThatAreNotOfTheRun() {
		Snapshot before = placed(0, "2026-01-01 10:00:00+00", "2030-01-01 00:00:00+00");
		Snapshot after = placed(9, "2026-01-01 10:00:09+00", "2030-01-01 00:00:00+00");
		Rules learnt = SCHEMA.rules().learn(Snapshots.from(before), Snapshots.from(after));
		assertThat(times(learnt, before, placed(300, "2026-01-01 10:05:00+00", "2030-01-01 00:00:00+00"))).isTrue();
		assertThat(times(learnt, before, placed(300, "2026-01-01 10:05:00+00", "2030-02-01 00:00:00+00"))).isFalse();
		assertThat(times(learnt, before, placed(300, "2026-01-01 10:05:00+00", "2026-01-01 10:05:00+00"))).isFalse();
		assertThat(times(learnt, before, placed(300, "2026-01-01 08:05:00+00", "2030-01-01 00:00:00+00"))).isFalse();
	}

	@Test
	void comparesHowFarAwayPointsInTimeAre() {
		Snapshot before = placed(0, "2026-01-01 10:00:00+00", "2026-01-31 09:59:59+00");
		Snapshot after = placed(9, "2026-01-01 10:00:09+00", "2026-01-31 10:00:08+00");
		Rules learnt = SCHEMA.rules().learn(Snapshots.from(before), Snapshots.from(after));
		assertThat(times(learnt, before, placed(300, "2026-01-01 10:05:00+00", "2026-01-31 10:04:58+00"))).isTrue();
		assertThat(times(learnt, before, placed(300, "2026-01-01 10:05:00+00", "2026-02-01 10:04:30+00"))).isFalse();
	}

	@Test
	void seesALeaseThatWasExtendedTwice() {
		Snapshot before = placed(0, "2026-01-01 10:00:00.1+00", "2026-01-01 10:20:00.2+00");
		Snapshot after = placed(9, "2026-01-01 10:00:09.1+00", "2026-01-01 10:20:09.1+00");
		Rules learnt = SCHEMA.rules().learn(Snapshots.from(before), Snapshots.from(after));
		assertThat(times(learnt, after, placed(300, "2026-01-01 10:05:01+00", "2026-01-01 10:25:01+00"))).isTrue();
		assertThat(times(learnt, after, placed(300, "2026-01-01 10:05:01+00", "2026-01-01 10:45:02+00"))).isFalse();
		assertThat(times(learnt, after, placed(300, "2026-01-01 10:05:01+00", "2026-01-01 10:25:06+00"))).isFalse();
	}

	@Test
	void keepsAFixedMomentThatLooksTruncated() {
		String slot = "2030-05-01 10:01:00+00";
		String second = "2025-01-01 00:00:20+00";
		Snapshot before = placed(25, slot, second);
		Rules learnt = SCHEMA.rules().learn(Snapshots.from(before), Snapshots.from(placed(25, slot, second)));
		assertThat(times(learnt, before, placed(300, slot, second))).isTrue();
		assertThat(times(learnt, before, placed(27, "2030-05-01 10:02:00+00", second))).isFalse();
		assertThat(times(learnt, before, placed(27, "2030-05-01 10:01:01+00", second))).isFalse();
		assertThat(times(learnt, before, placed(27, "2030-05-01 10:01:00.5+00", second))).isFalse();
		assertThat(times(learnt, before, placed(27, slot, "2025-01-01 00:00:21+00"))).isFalse();
	}

	@Test
	void tellsDistancesApart() {
		Snapshot before = placed(0, "2026-01-01 10:00:00.1+00", "2026-01-01 10:00:15.2+00");
		Snapshot after = placed(9, "2026-01-01 10:00:09.1+00", "2026-01-01 10:00:24.1+00");
		Rules learnt = SCHEMA.rules().learn(Snapshots.from(before), Snapshots.from(after));
		assertThat(times(learnt, after, placed(30, "2026-01-01 10:00:30.1+00", "2026-01-01 10:00:45.1+00"))).isTrue();
		assertThat(times(learnt, after, placed(30, "2026-01-01 10:00:45.1+00", "2026-01-01 10:00:45.1+00"))).isFalse();
	}

	@Test
	void keepsWhatWasThereBeforeTheFirstRun() {
		String old = "2026-01-01 09:59:58.7+00";
		Snapshot before = placed(0, old, "2026-01-01 10:00:00.2+00");
		Snapshot after = placed(9, old, "2026-01-01 10:00:09.1+00");
		Rules learnt = SCHEMA.rules().learn(Snapshots.from(before), Snapshots.from(after));
		assertThat(times(learnt, after, placed(300, old, "2026-01-01 10:05:01+00"))).isTrue();
		assertThat(times(learnt, after, placed(300, "2026-01-01 10:05:00.3+00", "2026-01-01 10:05:01+00"))).isFalse();
	}

	@Test
	void takesSecondsForAPointInTimeAlthoughTwoRunsHadTheSame() {
		Snapshot before = lasting(0, "1767261600", "1600000000");
		Snapshot after = lasting(0, "1767261600", "1600000000");
		Rules learnt = SCHEMA.rules().learn(Snapshots.from(before), Snapshots.from(after));
		assertThat(times(learnt, after, lasting(60, "1767261661", "1600000000"))).isTrue();
		assertThat(times(learnt, after, lasting(60, "1767261691", "1600000000"))).isFalse();
		assertThat(times(learnt, after, lasting(60, "1767261661", "1600000001"))).isFalse();
	}

	private static Snapshot lasting(int seconds, String one, String other) {
		return loans(seconds, Arrays.asList("book", null, one), Arrays.asList("pen", null, other));
	}

	private static Snapshot placed(int seconds, String one, String other) {
		return loans(seconds, Arrays.asList("book", one, "0"), Arrays.asList("pen", other, "0"));
	}

	@SafeVarargs
	private static Snapshot loans(int seconds, List<@Nullable String>... rows) {
		return Snapshots.at(Snapshots.MORNING.plusSeconds(seconds), Map.of("loan", new ArrayList<>(List.of(rows))));
	}

	private static boolean times(Rules rules, Snapshot before, Snapshot after) {
		return RowDifference.between(rules, before, after).isEmpty();
	}

}
