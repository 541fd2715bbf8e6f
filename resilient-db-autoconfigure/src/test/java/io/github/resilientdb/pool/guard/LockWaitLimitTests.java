package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitSession;
import io.github.resilientdb.commit.CommitSession.CommitRequest;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LockWaitLimit}.
 */
// A ledger is confined to its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class LockWaitLimitTests {

	private static final SQLException LOCKED = new SQLException("canceling statement due to lock timeout", "55P03");

	private final long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);

	private final AttemptLedger first = AttemptLedger.open(this.deadline);

	private final FakeSession session = new FakeSession();

	private final Connection connection = new FakeDatabase().getConnection();

	private final LockWaitLimit limit = new LockWaitLimit();

	@AfterEach
	void close() {
		this.first.close();
	}

	@Test
	void setsNothingInTheAttemptThatIsLost() throws SQLException {
		this.first.backends().abandon();
		this.limit.executing(this.first, this.session, this.connection);
		assertThat(this.session.limits).isZero();
		assertThat(this.limit.isReached(LOCKED)).isFalse();
	}

	@Test
	void setsWhatIsLeftOncePerTransaction() throws SQLException {
		this.first.backends().abandon();
		try (AttemptLedger rerun = AttemptLedger.open(this.deadline, null, this.first.backends().latest())) {
			this.limit.executing(rerun, this.session, this.connection);
			this.limit.clear();
			this.limit.executing(rerun, this.session, this.connection);
			assertThat(this.session.limits).isEqualTo(2);
			assertThat(this.session.nanos).isPositive().isLessThanOrEqualTo(TimeUnit.MINUTES.toNanos(10));
			assertThat(this.limit.isReached(LOCKED)).isTrue();
			assertThat(this.limit.isReached(new SQLException("duplicate key", "23505"))).isFalse();
			this.limit.clear();
			assertThat(this.limit.isReached(LOCKED)).isFalse();
		}
	}

	@Test
	void setsNothingOnceTheBackendIsGone() throws SQLException {
		AbandonedBackend backend = this.first.backends().abandon();
		try (AttemptLedger rerun = AttemptLedger.open(this.deadline, null, this.first.backends().latest())) {
			backend.ended();
			this.limit.executing(rerun, this.session, this.connection);
			assertThat(this.session.limits).isZero();
		}
	}

	@Test
	void aShorterLimitOfTheUserIsHisOwn() throws SQLException {
		this.first.backends().abandon();
		this.session.shorter = true;
		try (AttemptLedger rerun = AttemptLedger.open(this.deadline, null, this.first.backends().latest())) {
			this.limit.executing(rerun, this.session, this.connection);
			assertThat(this.limit.isReached(LOCKED)).isFalse();
		}
	}

	private static final class FakeSession implements CommitSession {

		private int limits;

		private long nanos;

		private boolean shorter;

		@Override
		public CommitOutcome commit(Connection physical, CommitRequest request) {
			return CommitOutcome.Committed.ORDINARY;
		}

		@Override
		public boolean release(long deadlineNanos) {
			return false;
		}

		@Override
		public boolean limitLockWaits(Connection physical, long nanos) {
			this.limits++;
			this.nanos = nanos;
			return !this.shorter;
		}

	}

}
