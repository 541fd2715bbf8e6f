package io.github.resilientdb.pool.socket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.resilientdb.pool.socket.Vigil.LongWait;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Vigil}.
 */
class VigilTests {

	private static final long AFTER = Duration.ofSeconds(5).toNanos();

	private final List<LongWait> noticed = new ArrayList<>();

	private final Vigil vigil = new Vigil(AFTER, this.noticed::add);

	@Test
	void aShortWaitIsNotNoticed() {
		assertThat(this.vigil.waiting(100)).isEqualTo(AFTER);
		assertThat(this.vigil.waiting(100 + AFTER - 1)).isOne();
		this.vigil.over();
		assertThat(this.vigil.waiting(100 + AFTER)).isEqualTo(AFTER);
		assertThat(this.noticed).isEmpty();
	}

	@Test
	void aLongWaitIsNoticedOnce() {
		this.vigil.waiting(100);
		assertThat(this.vigil.waiting(100 + AFTER)).isEqualTo(Readiness.UNLIMITED);
		assertThat(this.vigil.waiting(100 + 2 * AFTER)).isEqualTo(Readiness.UNLIMITED);
		assertThat(this.noticed).singleElement()
			.extracting(LongWait::began, LongWait::isOver)
			.containsExactly(100L, false);
	}

	@Test
	void aLongWaitEndsWithItsAnswerAndTheNextIsAnother() {
		this.vigil.waiting(100);
		this.vigil.waiting(100 + AFTER);
		this.vigil.over();
		assertThat(this.noticed.get(0).isOver()).isTrue();
		this.vigil.waiting(200 + AFTER);
		this.vigil.waiting(200 + 2 * AFTER);
		assertThat(this.noticed).hasSize(2);
		assertThat(this.noticed.get(0).isOver()).isTrue();
		assertThat(this.noticed.get(1).isOver()).isFalse();
	}

	@Test
	void whoWaitsForANotificationMayWaitForEver() {
		this.vigil.waiting(100);
		processNotifies(100 + AFTER);
		assertThat(this.noticed).isEmpty();
	}

	// as the driver's own method is called
	private void processNotifies(long now) {
		assertThat(this.vigil.waiting(now)).isEqualTo(Readiness.UNLIMITED);
	}

}
