package io.github.resilientdb.pool.socket;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WireDeadlineTests {

	private final WireDeadline deadline = new WireDeadline();

	private final AtomicInteger asked = new AtomicInteger();

	@Test
	void neverPassesUnlessItIsSet() {
		assertThat(this.deadline.hasPassed()).isFalse();
		assertThat(this.deadline.remaining(System.nanoTime())).isEqualTo(Readiness.UNLIMITED);
		this.deadline.set(System.nanoTime() - 1, null);
		assertThat(this.deadline.hasPassed()).isTrue();
		this.deadline.set(WireDeadline.NEVER, null);
		assertThat(this.deadline.hasPassed()).isFalse();
	}

	@Test
	void isExtendedByWhomeverIsAskedWhenItHasPassed() {
		this.deadline.set(System.nanoTime() - 1, () -> {
			this.asked.incrementAndGet();
			return System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
		});
		assertThat(this.deadline.hasPassed()).isFalse();
		assertThat(this.deadline.hasPassed()).isFalse();
		assertThat(this.asked).hasValue(1);
		assertThat(this.deadline.remaining(System.nanoTime())).isPositive();
	}

	@Test
	void passesWhenWhoeverIsAskedGivesUp() {
		this.deadline.set(System.nanoTime() - 1, () -> System.nanoTime() - 1);
		assertThat(this.deadline.hasPassed()).isTrue();
	}

	@Test
	void notesWhenThePeerWasHeardOfForWhoMayExtendIt() {
		long first = this.deadline.heardAt();
		this.deadline.heard();
		assertThat(this.deadline.heardAt()).isEqualTo(first);
		this.deadline.set(WireDeadline.NEVER, () -> 0);
		this.deadline.heard();
		assertThat(this.deadline.heardAt() - first).isPositive();
	}

}
