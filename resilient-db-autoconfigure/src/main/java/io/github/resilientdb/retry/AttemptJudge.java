package io.github.resilientdb.retry;

import java.util.function.LongSupplier;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.disconnect.ClassifiedFailure;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.retry.CallState.AbandonedAttempt;
import io.github.resilientdb.retry.CallState.CallProgress;
import io.github.resilientdb.retry.Decision.CallOutcome;

/**
 * Judges an attempt that threw: what its failure means, and whether it is rerun.
 */
final class AttemptJudge {

	private final FailureClassifier classifier;

	private final RerunDecider decider;

	private final Sleeper sleeper;

	private final LongSupplier nanoTime;

	/**
	 * Create a judge.
	 * @param classifier what tells the meaning of failures
	 * @param decider what decides about reruns
	 * @param sleeper what knows whether the application is shutting down
	 * @param nanoTime the clock of the deadlines
	 */
	AttemptJudge(FailureClassifier classifier, RerunDecider decider, Sleeper sleeper, LongSupplier nanoTime) {
		this.classifier = classifier;
		this.decider = decider;
		this.sleeper = sleeper;
		this.nanoTime = nanoTime;
	}

	AttemptResult.Failed judge(RetryableCall call, CallState state, AttemptLedger ledger, Throwable thrown) {
		ClassifiedFailure classified = this.classifier.classify(thrown);
		FailedAttempt attempt = FailedAttempt.of(ledger, classified, FailureHistory.findUnknown(thrown));
		AbandonedAttempt blocking = state.abandoned();
		if (blocking != null && isEndOfLockWait(ledger, attempt, classified, thrown)) {
			return new AttemptResult.Failed(state.failed(thrown), attempt.withVerdict(blocking.verdict()), thrown,
					new CallFailure(blocking.failure().thrown(), blocking.failure().origin(), false),
					new Decision.Fail(CallOutcome.EXHAUSTED));
		}
		CallFailure failure = new CallFailure(thrown, FailureOrigin.find(ledger, attempt, thrown), attempt.isUnknown());
		Decision decision = decide(call, state, attempt);
		return new AttemptResult.Failed(
				state.leaving(ledger.backends(), new AbandonedAttempt(failure, attempt.verdict())), attempt, thrown,
				failure, decision);
	}

	/**
	 * Return whether an attempt waited until the deadline for a lock that the lost
	 * connection of an earlier one may hold.
	 */
	private static boolean isEndOfLockWait(AttemptLedger ledger, FailedAttempt attempt, ClassifiedFailure classified,
			Throwable thrown) {
		Throwable ended = ledger.backends().endedLockWait();
		return ended != null && attempt.observed() && attempt.outcome() != TransactionOutcome.COMMITTED
				&& !attempt.isUnknown() && (classified.symptom() || FailureHistory.isCausedBy(thrown, ended));
	}

	/**
	 * Decide about a rerun. The first one of a call is free; others are taken from the
	 * budget, except that waiting for a connection costs nothing.
	 */
	private Decision decide(RetryableCall call, CallState state, FailedAttempt attempt) {
		boolean free = state.attempts() == 1;
		boolean taken = !free && call.budget().take();
		CallProgress progress = state.progress(call.deadline() - this.nanoTime.getAsLong(), free || taken,
				this.sleeper.isShuttingDown());
		Decision decision = this.decider.decide(attempt, progress, call.settings());
		boolean used = decision instanceof Decision.Rerun rerun && rerun.kind() != Decision.Rerun.Kind.WAIT;
		if (taken && !used) {
			call.budget().giveBack();
		}
		return decision;
	}

}
