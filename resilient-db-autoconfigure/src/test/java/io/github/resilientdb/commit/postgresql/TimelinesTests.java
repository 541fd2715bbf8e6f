package io.github.resilientdb.commit.postgresql;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Timelines}.
 */
class TimelinesTests {

	private final Timelines timelines = new Timelines();

	@Test
	void theFirstTimelineSupersedesNothing() {
		assertThat(this.timelines.isSuperseded(token("a", "00000001"))).isFalse();
		assertThat(this.timelines.shown(token("a", "00000001"))).isFalse();
		assertThat(this.timelines.isSuperseded(token("a", "00000001"))).isFalse();
	}

	@Test
	void aHigherTimelineSupersedesLowerOnes() {
		this.timelines.shown(token("a", "00000009"));
		assertThat(this.timelines.shown(token("a", "0000000A"))).isTrue();
		assertThat(this.timelines.shown(token("a", "0000000A"))).isFalse();
		assertThat(this.timelines.isSuperseded(token("a", "00000009"))).isTrue();
		assertThat(this.timelines.isSuperseded(token("a", "0000000A"))).isFalse();
		assertThat(this.timelines.isSuperseded(token("a", "0000000B"))).isFalse();
	}

	@Test
	void aLowerTimelineChangesNothing() {
		this.timelines.shown(token("a", "00000002"));
		assertThat(this.timelines.shown(token("a", "00000001"))).isFalse();
		assertThat(this.timelines.isSuperseded(token("a", "00000001"))).isTrue();
	}

	@Test
	void whatIsNotKnownIsNotSuperseded() {
		this.timelines.shown(token("a", "00000002"));
		assertThat(this.timelines.shown(token(null, "00000003"))).isFalse();
		assertThat(this.timelines.shown(token("a", null))).isFalse();
		assertThat(this.timelines.isSuperseded(token("a", null))).isFalse();
		assertThat(this.timelines.isSuperseded(token(null, "00000001"))).isFalse();
	}

	@Test
	void anotherClusterCountsFromTheBeginning() {
		this.timelines.shown(token("a", "00000007"));
		assertThat(this.timelines.shown(token("b", "00000001"))).isFalse();
		assertThat(this.timelines.isSuperseded(token("b", "00000001"))).isFalse();
	}

	@Test
	void anOperatorMayGoBackInTime() {
		this.timelines.shown(token("a", "00000002"));
		this.timelines.forget();
		assertThat(this.timelines.isSuperseded(token("a", "00000001"))).isFalse();
	}

	private static ContinuityToken token(@Nullable String system, @Nullable String timeline) {
		return new ContinuityToken(system, timeline, "1", "1");
	}

}
