package io.github.resilientdb.test;

import java.util.List;
import java.util.Map;

import io.github.resilientdb.test.rows.Rules;
import io.github.resilientdb.test.rows.Schema;
import io.github.resilientdb.test.rows.Schema.Column;
import io.github.resilientdb.test.rows.Schema.Table;
import io.github.resilientdb.test.rows.Snapshot;
import io.github.resilientdb.test.rows.Snapshots;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What two runs without a fault must have in common.
 */
class FaultlessRunTests {

	private static final Map<String, Rules> RULES = Map.of("db",
			new Schema(List.of(new Table("note", List.of(new Column("note", "text", "text", false, null)))), Map.of())
				.rules());

	@Test
	void areTheSame() {
		assertThat(run("a", "1", null).learn(run("a", "1", null), RULES)).containsOnlyKeys("db");
	}

	@Test
	void saysWhatDiffersAndHowToLeaveItOut() {
		assertThatIllegalStateException()
			.isThrownBy(() -> run("a", "token 1", null).learn(run("a", "token 2", null), RULES))
			.withMessageContainingAll("Two runs without a fault", "expected result token 1 but was result token 2",
					"when(() -> { service.place(); })");
	}

	@Test
	void saysOfAMethodThatFailsWhatItThrowsAndHowToLeaveItOut() {
		assertThatIllegalStateException()
			.isThrownBy(() -> run(null, "", new IllegalStateException("order x failed"))
				.learn(run(null, "", new IllegalStateException("order y failed")), RULES))
			.withMessageContainingAll("order x failed", "order y failed",
					"when(() -> { try { service.place(); } catch (IllegalStateException ex) { } })")
			.withMessageNotContaining("committed");
	}

	/**
	 * A run that finds one note, and writes another perhaps.
	 */
	private static FaultlessRun run(@Nullable String text, String result, @Nullable Throwable exception) {
		Snapshot before = Snapshots.of(Map.of("note", List.of(List.of("old"))));
		Snapshot after = (text != null) ? Snapshots.of(Map.of("note", List.of(List.of("old"), List.of(text)))) : before;
		return new FaultlessRun(Map.of("db", before),
				new Observation(Map.of("db", after), result, exception, List.of(), List.of(), Map.of(), 0, 1, false));
	}

}
