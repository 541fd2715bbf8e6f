package io.github.resilientdb.attempt;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link IndependentWork}.
 */
class IndependentWorkTests {

	private final IndependentWork work = new IndependentWork();

	@Test
	void isNothingAtFirst() {
		assertThat(this.work.get()).isEmpty();
	}

	@Test
	void countsByName() {
		this.work.add("Audit.record");
		this.work.add(null);
		this.work.add("Audit.record", 2);
		assertThat(this.work.get()).containsExactly(entry("Audit.record", 3), entry("", 1));
	}

	@Test
	void addsToACopy() {
		this.work.add("Audit.record");
		assertThat(this.work.with("Audit.record").get()).containsExactly(entry("Audit.record", 2));
		assertThat(this.work.get()).containsExactly(entry("Audit.record", 1));
	}

}
