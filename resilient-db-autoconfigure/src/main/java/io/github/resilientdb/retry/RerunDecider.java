package io.github.resilientdb.retry;

import java.time.Duration;
import java.util.Set;
import java.util.function.DoubleSupplier;

import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.retry.CallState.CallProgress;
import io.github.resilientdb.retry.Decision.CallOutcome;
import io.github.resilientdb.retry.RetryableCall.CallSettings;

/**
 * Decides what to do after an attempt failed. What became of its transaction comes before
 * the meaning of any exception.
 */
final class RerunDecider {

	static final int MAX_CONTENTIONS = 3;

	// A backstop: it is the deadline that ends the waits
	static final int MAX_WAITS = 10_000;

	static final Duration MIN_WAIT = Duration.ofMillis(10);

	private final Backoff backoff;

	private final Set<RetryReason> reasons;

	private final DoubleSupplier random;

	/**
	 * Create a decider.
	 * @param backoff the waits between attempts
	 * @param reasons what is rerun
	 * @param random numbers from 0 to 1
	 */
	RerunDecider(Backoff backoff, Set<RetryReason> reasons, DoubleSupplier random) {
		this.backoff = backoff;
		this.reasons = reasons;
		this.random = random;
	}

	Decision decide(FailedAttempt attempt, CallProgress progress, CallSettings settings) {
		if (attempt.outcome() == TransactionOutcome.COMMITTED || !attempt.observed()) {
			return new Decision.Fail(CallOutcome.ERROR);
		}
		if (attempt.isUnknown()) {
			Decision decision = settings.rerunIfUnknown() ? rerun(RetryReason.DISCONNECT, attempt, progress, settings)
					: new Decision.Fail(CallOutcome.UNKNOWN);
			return (decision instanceof Decision.Fail) ? new Decision.Fail(CallOutcome.UNKNOWN) : decision;
		}
		RetryReason reason = RetryReason.of(attempt.verdict().kind());
		// An unknown outcome that is not this transaction's is an inner one's, and a
		// rerun would repeat that one too
		if (reason == null || attempt.unknownThrown()) {
			return new Decision.Fail(CallOutcome.ERROR);
		}
		return rerun(reason, attempt, progress, settings);
	}

	private Decision rerun(RetryReason reason, FailedAttempt attempt, CallProgress progress, CallSettings settings) {
		if (!this.reasons.contains(reason)) {
			return new Decision.Fail(CallOutcome.ERROR);
		}
		if (progress.shuttingDown()) {
			return new Decision.Fail(CallOutcome.INTERRUPTED);
		}
		boolean readOnly = attempt.isServerReadOnly();
		boolean wait = readOnly
				|| (reason == RetryReason.DISCONNECT && attempt.outcome() == TransactionOutcome.NOT_BEGUN);
		if (progress.remaining() <= 0 || (wait ? isWaitTooMany(progress) : isTooMany(reason, progress, settings))) {
			return new Decision.Fail(CallOutcome.EXHAUSTED);
		}
		if (readOnly) {
			return rerun(Backoff.READ_ONLY, progress.waits(), floor(Backoff.READ_ONLY_AT_LEAST, progress),
					Decision.Rerun.Kind.WAIT, attempt, progress);
		}
		if (wait) {
			return rerun(this.backoff, progress.waits(), MIN_WAIT, Decision.Rerun.Kind.WAIT, attempt, progress);
		}
		if (!progress.budgeted()) {
			return new Decision.Fail(CallOutcome.REJECTED);
		}
		if (reason.isContention()) {
			return rerun(Backoff.CONTENTION, progress.contentions(), Duration.ZERO, Decision.Rerun.Kind.CONTENTION,
					attempt, progress);
		}
		int losses = progress.attempts() - 1 - progress.contentions();
		if (attempt.isRefusedWrite() && losses > 0) {
			return rerun(Backoff.PRIMARY, losses - 1, floor(Backoff.PRIMARY_AT_LEAST, progress),
					Decision.Rerun.Kind.LOSS, attempt, progress);
		}
		return rerun(this.backoff, losses, Duration.ZERO, Decision.Rerun.Kind.LOSS, attempt, progress);
	}

	/**
	 * Return how long to wait at least, so that time is left for another attempt.
	 */
	private static Duration floor(Duration least, CallProgress progress) {
		Duration half = Duration.ofNanos(progress.remaining() / 2);
		return (least.compareTo(half) < 0) ? least : half;
	}

	private static boolean isWaitTooMany(CallProgress progress) {
		return progress.waits() >= MAX_WAITS || progress.remaining() < MIN_WAIT.toNanos();
	}

	private static boolean isTooMany(RetryReason reason, CallProgress progress, CallSettings settings) {
		return progress.attempts() >= settings.maxAttempts()
				|| (reason.isContention() && progress.contentions() >= MAX_CONTENTIONS);
	}

	private Decision rerun(Backoff backoff, int number, Duration floor, Decision.Rerun.Kind kind, FailedAttempt attempt,
			CallProgress progress) {
		Duration delay = backoff.delay(number, floor.toNanos(), progress.remaining(), this.random.getAsDouble());
		return new Decision.Rerun(delay, attempt.verdict().reason(), kind);
	}

}
