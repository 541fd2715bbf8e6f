package io.github.resilientdb.retry;

import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.github.resilientdb.attempt.AbandonedBackends.AbandonedBackend;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.retry.Decision.CallOutcome;
import io.github.resilientdb.retry.RetryableCall.CallSettings;
import io.github.resilientdb.retry.method.Selection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.UnexpectedRollbackException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AttemptJudge}: what a rerun costs, and whom a lock is blamed on.
 */
// A ledger is confined to its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class AttemptJudgeTests implements Sleeper {

	private static final CallState SECOND = CallState.FIRST.rerun(Decision.Rerun.Kind.LOSS,
			new IllegalStateException("first"));

	private final RetryBudget budget = new RetryBudget(0, 1);

	private final SQLException lost = new SQLException("terminating connection", "57P01");

	private final RuntimeException loss = new DataAccessResourceFailureException("lost", this.lost);

	private final SQLException locked = new SQLException("canceling statement due to lock timeout", "55P03");

	private boolean shuttingDown;

	@Test
	void theFirstRerunOfACallIsFree() {
		assertThat(judge(CallState.FIRST, TransactionOutcome.ROLLED_BACK, this.loss).isToBeRerun()).isTrue();
		assertThat(this.budget.take()).isTrue();
	}

	@Test
	void theSecondRerunOfACallIsTakenFromTheBudget() {
		assertThat(judge(SECOND, TransactionOutcome.ROLLED_BACK, this.loss).isToBeRerun()).isTrue();
		assertThat(judge(SECOND, TransactionOutcome.ROLLED_BACK, this.loss).outcome()).isEqualTo(CallOutcome.REJECTED);
	}

	@Test
	void whatIsNotRerunCostsNothing() {
		this.shuttingDown = true;
		assertThat(judge(SECOND, TransactionOutcome.ROLLED_BACK, this.loss).outcome())
			.isEqualTo(CallOutcome.INTERRUPTED);
		assertThat(this.budget.take()).isTrue();
	}

	@Test
	void waitingForAConnectionCostsNothing() {
		RuntimeException refused = new DataAccessResourceFailureException("refused",
				new SQLException("refused", "08001"));
		AttemptResult.Failed failed = judge(SECOND, TransactionOutcome.NOT_BEGUN, refused);
		assertThat(failed.isToBeRerun()).isTrue();
		assertThat(failed.report().waiting()).isTrue();
		assertThat(this.budget.take()).isTrue();
	}

	@Test
	void blamesTheLockOfALostConnectionOnTheLoss() {
		AttemptResult.Failed failed = judge(abandoning().next(), TransactionOutcome.ROLLED_BACK,
				new CannotAcquireLockException("locked", this.locked), this.locked);
		assertThat(failed.outcome()).isEqualTo(CallOutcome.EXHAUSTED);
		assertThat(failed.failure().thrown()).isSameAs(this.loss);
		assertThat(failed.report().reason()).isEqualTo("admin-shutdown");
		assertThat(failed.state().earlier().conclude(new SQLException()).getSuppressed())
			.hasAtLeastOneElementOfType(CannotAcquireLockException.class);
	}

	@Test
	void blamesARollbackThatOnlyFollowedFromTheLockOnTheLoss() {
		assertThat(judge(abandoning().next(), TransactionOutcome.ROLLED_BACK,
				new UnexpectedRollbackException("rolled back"), this.locked)
			.failure()
			.thrown()).isSameAs(this.loss);
	}

	@Test
	void blamesNoLockOnALossThatWasNot() {
		RuntimeException thrown = new CannotAcquireLockException("locked", this.locked);
		assertThat(judge(SECOND, TransactionOutcome.ROLLED_BACK, thrown, this.locked).failure().thrown())
			.isSameAs(thrown);
	}

	@Test
	void blamesNoLockForWhatWasCommittedOrMayBe() {
		RuntimeException thrown = new CannotAcquireLockException("locked", this.locked);
		CallState state = abandoning().next();
		assertThat(judge(state, TransactionOutcome.COMMITTED, thrown, this.locked).failure().thrown()).isSameAs(thrown);
		assertThat(judge(state, TransactionOutcome.UNKNOWN, thrown, this.locked).outcome())
			.isEqualTo(CallOutcome.UNKNOWN);
	}

	@Test
	void hasTheNextAttemptKnowWhatIsLeftOnTheServer() {
		AttemptResult.Failed failed = abandoning();
		assertThat(failed.next().backend()).isInstanceOf(AbandonedBackend.class);
		assertThat(failed.next().abandoned().failure()).isEqualTo(failed.failure());
	}

	private AttemptResult.Failed abandoning() {
		try (AttemptLedger ledger = AttemptLedger.open(0)) {
			end(ledger, TransactionOutcome.ROLLED_BACK);
			ledger.backends().abandon();
			return judge(CallState.FIRST, ledger, this.loss);
		}
	}

	private AttemptResult.Failed judge(CallState state, TransactionOutcome outcome, Throwable thrown) {
		return judge(state, outcome, thrown, null);
	}

	private AttemptResult.Failed judge(CallState state, TransactionOutcome outcome, Throwable thrown,
			SQLException endedLockWait) {
		try (AttemptLedger ledger = AttemptLedger.open(0, null, state.backend())) {
			end(ledger, outcome);
			if (endedLockWait != null) {
				ledger.backends().lockWaitEnded(endedLockWait);
			}
			return judge(state, ledger, thrown);
		}
	}

	private void end(AttemptLedger ledger, TransactionOutcome outcome) {
		if (outcome == TransactionOutcome.NOT_BEGUN) {
			ledger.transactions().beginning(this, "", false);
			ledger.transactions().notBegun(this);
			return;
		}
		ledger.began(this);
		ledger.ended(this, outcome);
	}

	private AttemptResult.Failed judge(CallState state, AttemptLedger ledger, Throwable thrown) {
		Backoff backoff = new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(2));
		AttemptJudge judge = new AttemptJudge(new FailureClassifier(List::of),
				new RerunDecider(backoff, EnumSet.allOf(RetryReason.class), () -> 0.5), this, () -> 0);
		CallSettings settings = new CallSettings(CallName.TEMPLATE, Selection.METHOD, "Bank.transfer", null, 5,
				Duration.ofSeconds(10), false, "");
		return judge.judge(new RetryableCall(settings, this.budget, () -> null, new Object[0],
				Duration.ofSeconds(10).toNanos(), new RunningCall() {
				}), state, ledger, thrown);
	}

	@Override
	public boolean sleep(Duration delay) {
		throw new AssertionError("the judge waits for nothing");
	}

	@Override
	public boolean isShuttingDown() {
		return this.shuttingDown;
	}

}
