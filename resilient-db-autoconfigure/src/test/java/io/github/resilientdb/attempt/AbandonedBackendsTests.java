package io.github.resilientdb.attempt;

import java.sql.SQLException;

import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AbandonedBackends}.
 */
class AbandonedBackendsTests {

	private final AbandonedBackends first = new AbandonedBackends(null);

	@Test
	void leavesNothingBehindWithoutALoss() {
		assertThat(this.first.latest()).isNull();
		assertThat(this.first.hasAbandoned()).isFalse();
		assertThat(this.first.mustLimitLockWaits()).isFalse();
	}

	@Test
	void limitsLockWaitsAsLongAsABackendOfAnEarlierAttemptMayBeThere() {
		AbandonedBackend one = this.first.abandon();
		AbandonedBackend two = this.first.abandon();
		assertThat(this.first.mustLimitLockWaits()).isFalse();
		assertThat(this.first.hasAbandoned()).isTrue();
		AbandonedBackends rerun = new AbandonedBackends(this.first.latest());
		assertThat(rerun.hasAbandoned()).isFalse();
		assertThat(rerun.mustLimitLockWaits()).isTrue();
		two.ended();
		assertThat(rerun.mustLimitLockWaits()).isTrue();
		one.ended();
		assertThat(rerun.mustLimitLockWaits()).isFalse();
	}

	@Test
	void remembersABackendThroughAttemptsThatLoseNothing() {
		AbandonedBackend backend = this.first.abandon();
		AbandonedBackends second = new AbandonedBackends(this.first.latest());
		AbandonedBackends third = new AbandonedBackends(second.latest());
		assertThat(third.mustLimitLockWaits()).isTrue();
		backend.ended();
		assertThat(third.mustLimitLockWaits()).isFalse();
	}

	@Test
	void waitsForThoseOfAllAttempts() {
		AbandonedBackend one = this.first.abandon();
		AbandonedBackends second = new AbandonedBackends(this.first.latest());
		second.abandon().ended();
		AbandonedBackends third = new AbandonedBackends(second.latest());
		assertThat(third.mustLimitLockWaits()).isTrue();
		one.ended();
		assertThat(third.mustLimitLockWaits()).isFalse();
	}

	@Test
	void takesOverWhatAnInnerCallHasLeft() {
		SQLException failure = new SQLException("canceling statement due to lock timeout", "55P03");
		AbandonedBackends inner = new AbandonedBackends(this.first.latest());
		AbandonedBackend backend = inner.abandon();
		inner.lockWaitEnded(failure);
		this.first.takeOver(inner);
		assertThat(this.first.hasAbandoned()).isTrue();
		assertThat(this.first.latest()).isSameAs(backend);
		assertThat(this.first.endedLockWait()).isSameAs(failure);
	}

	@Test
	void keepsItsOwnLockWaitIfAnInnerCallHadNone() {
		SQLException failure = new SQLException("canceling statement due to lock timeout", "55P03");
		this.first.lockWaitEnded(failure);
		this.first.takeOver(new AbandonedBackends(this.first.latest()));
		assertThat(this.first.hasAbandoned()).isFalse();
		assertThat(this.first.endedLockWait()).isSameAs(failure);
	}

	@Test
	void forgetsALockWaitAtASavepoint() {
		this.first.lockWaitEnded(new SQLException("canceling statement due to lock timeout", "55P03"));
		this.first.rolledBackToSavepoint();
		assertThat(this.first.endedLockWait()).isNull();
	}

}
