package io.github.resilientdb.commit.postgresql;

import io.github.resilientdb.commit.postgresql.ContinuityToken.Continuity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ContinuityTokenTests {

	/**
	 * Each component before and now: = is the same, ! is another, - is not readable now.
	 */
	@ParameterizedTest
	@CsvSource(textBlock = """
			# cluster, timeline, statistics, postmaster
			=, =, =, =, SAME
			=, =, =, !, SAME
			=, -, =, =, SAME
			=, !, =, =, SAME
			-, =, =, =, SAME
			=, !, =, !, RESTARTED
			=, =, !, !, RESTARTED
			=, !, !, =, RESTARTED
			=, !, !, !, RESTARTED
			=, !, -, -, RESTARTED
			=, -, =, !, RESTARTED
			=, -, !, !, RESTARTED
			=, =, !, =, UNPROVEN
			=, =, -, =, UNPROVEN
			=, -, !, =, UNPROVEN
			=, -, =, -, UNPROVEN
			=, -, -, -, UNPROVEN
			!, =, =, =, OTHER_CLUSTER
			-, =, =, !, OTHER_CLUSTER
			-, =, =, -, OTHER_CLUSTER
			-, -, -, -, OTHER_CLUSTER
			""")
	void comparesComponents(String cluster, String timeline, String statistics, String postmaster,
			Continuity expected) {
		ContinuityToken before = new ContinuityToken("cluster", "timeline", "statistics", "postmaster");
		ContinuityToken now = new ContinuityToken(now("cluster", cluster), now("timeline", timeline),
				now("statistics", statistics), now("postmaster", postmaster));
		assertThat(before.with(now)).isEqualTo(expected);
		assertThat(now.with(before)).isEqualTo(expected);
	}

	private static @Nullable String now(String before, String change) {
		return switch (change) {
			case "=" -> before;
			case "!" -> "other " + before;
			default -> null;
		};
	}

	@Test
	void isConclusiveWithStatisticsAndOneOfTimelineAndStart() {
		assertThat(new ContinuityToken("c", "t", "s", null).isConclusive()).isTrue();
		assertThat(new ContinuityToken(null, null, "s", "p").isConclusive()).isTrue();
		assertThat(new ContinuityToken("c", "t", null, "p").isConclusive()).isFalse();
		assertThat(new ContinuityToken("c", null, "s", null).isConclusive()).isFalse();
		assertThat(ContinuityToken.EMPTY.isConclusive()).isFalse();
	}

}
