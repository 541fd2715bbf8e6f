package io.github.resilientdb.retry;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.attempt.AbandonedBackend;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.disconnect.ClassifiedFailure;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * One call with its attempts. Confined to its thread.
 */
final class RetryableCall {

	private static final Logger logger = LoggerFactory.getLogger(RetryableCall.class);

	private final RetryingExecutor executor;

	private final CallSettings settings;

	private final RetryBudget budget;

	private final AttemptBody body;

	private final @Nullable Object[] arguments;

	private final long deadline;

	private final RunningCall running;

	private int attempts = 1;

	private int contentions;

	private int waits;

	private @Nullable FailureHistory history;

	private @Nullable Throwable failure;

	private @Nullable Throwable origin;

	private @Nullable Decision decision;

	private RetryableCallListener.@Nullable FailedAttempt failedAttempt;

	private @Nullable AbandonedBackend abandoned;

	private @Nullable Loss loss;

	private boolean unknown;

	private boolean connectionLost;

	private boolean interrupted;

	RetryableCall(RetryingExecutor executor, CallSettings settings, RetryBudget budget, AttemptBody body,
			@Nullable Object[] arguments, long deadline, RunningCall running) {
		this.executor = executor;
		this.settings = settings;
		this.budget = budget;
		this.body = body;
		this.arguments = arguments;
		this.deadline = deadline;
		this.running = running;
	}

	/**
	 * Run one attempt, and if it throws, decide what comes next.
	 * @return what it returned
	 * @throws Throwable what it threw
	 */
	@Nullable Object attempt() throws Throwable {
		AttemptListeners listeners = this.executor.listeners();
		try (AttemptLedger ledger = AttemptLedger.open(this.deadline, this.settings.transactionName(),
				this.abandoned)) {
			listeners.attemptStarting(this.settings.name(), this.arguments);
			Object result;
			try {
				result = this.body.run();
				refuseIfLost(ledger);
			}
			catch (Throwable ex) {
				failed(ledger, ex);
				throw ex;
			}
			this.connectionLost = ledger.connectionLost();
			listeners.attemptCompleted(this.connectionLost);
			return result;
		}
	}

	/**
	 * An attempt whose connection was lost fails, whatever it made of the failure: JPA
	 * providers may report a row as missing that they could not read.
	 */
	private void refuseIfLost(AttemptLedger ledger) {
		Throwable loss = ledger.own().loss();
		if (loss != null) {
			throw new DataAccessResourceFailureException(
					"The connection of " + this.settings.name() + " was lost, and its result may be wrong", loss);
		}
	}

	/**
	 * Return whether the call returns only because something was done about a failure.
	 * @return whether it was rerun, waited for a connection, or lost one
	 */
	boolean isRecovered() {
		return this.history != null || this.connectionLost;
	}

	boolean isRerun() {
		return this.decision instanceof Decision.Rerun;
	}

	/**
	 * Wait as decided. If there is no sense in waiting, the call ends.
	 */
	void backOff() {
		if (!(this.decision instanceof Decision.Rerun rerun)) {
			return;
		}
		CallOutcome end = sleep(rerun.delay());
		if (end != null) {
			this.decision = new Decision.Fail(end);
			return;
		}
		rerunning(rerun);
	}

	private @Nullable CallOutcome sleep(Duration delay) {
		if (delay.isZero()) {
			return null;
		}
		try {
			if (!this.executor.sleeper().sleep(delay)) {
				return CallOutcome.INTERRUPTED;
			}
			return (remaining() > 0) ? null : CallOutcome.EXHAUSTED;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			this.interrupted = true;
			return CallOutcome.INTERRUPTED;
		}
	}

	/**
	 * Make the exception that the call ends with.
	 * @param thrown what the engine threw
	 * @return what to throw
	 */
	Throwable conclude(Throwable thrown) {
		Throwable last = (this.failure != null) ? this.failure : thrown;
		Throwable conclusion = conclusion(last);
		if (this.decision instanceof Decision.Fail fail) {
			logger.atDebug()
				.addKeyValue("outcome", fail.outcome())
				.addKeyValue("attempts", this.attempts)
				.log("{} failed in attempt {}: {}", this.settings.name(), this.attempts, fail.outcome());
		}
		if (this.history != null) {
			conclusion = this.history.conclude(conclusion);
		}
		CallOutcome outcome = (this.decision instanceof Decision.Fail fail) ? fail.outcome() : CallOutcome.ERROR;
		this.running.failed(outcome.name().toLowerCase(Locale.ROOT), this.attempts, conclusion);
		return conclusion;
	}

	private Throwable conclusion(Throwable last) {
		TransactionOutcomeUnknownException report = this.unknown ? FailureHistory.findUnknown(last) : null;
		if (report != null) {
			return report;
		}
		Throwable conclusion = (this.origin != null) ? FailureHistory.withOrigin(last, this.origin) : last;
		if (this.unknown) {
			return new TransactionOutcomeUnknownException(
					"the connection was lost in COMMIT, and is not one that can find out", null, null, conclusion);
		}
		return this.interrupted ? new CannotCreateTransactionException(
				"Interrupted while waiting to rerun " + this.settings.name(), conclusion) : conclusion;
	}

	private void failed(AttemptLedger ledger, Throwable ex) {
		ClassifiedFailure classified = this.executor.classifier().classify(ex);
		FailedAttempt attempt = FailedAttempt.of(ledger, classified, FailureHistory.findUnknown(ex));
		this.failure = ex;
		this.origin = FailureOrigin.find(ledger, attempt, ex);
		this.unknown = attempt.isUnknown();
		Decision next;
		if (isEndOfLockWait(ledger, attempt, classified, ex) && this.loss != null) {
			giveUpFor(this.loss);
			next = new Decision.Fail(CallOutcome.EXHAUSTED);
			attempt = attempt.withVerdict(this.loss.verdict());
		}
		else {
			next = decide(attempt);
			if (ledger.backends().hasAbandoned()) {
				this.loss = new Loss(ex, this.origin, attempt.verdict());
			}
		}
		this.decision = next;
		this.abandoned = ledger.backends().latest();
		if (isRerun() && !this.settings.selection().mayRepeatIndependentWork()
				&& !ledger.transactions().independentWork().isEmpty()) {
			refuse(IndependentWorkRefusal.of(this.settings.name(), ledger.transactions().independentWork(), ex));
			this.executor.listeners().attemptCompleted(ledger.connectionLost());
		}
		else if (isRerun()) {
			discard(ex);
		}
		else {
			this.executor.listeners().attemptCompleted(ledger.connectionLost());
		}
		tell(attempt, this.decision, ex);
		if (this.decision instanceof Decision.Rerun rerun) {
			logRerun(rerun, ledger.transactions().independentWork(), ex);
		}
	}

	/**
	 * Return whether an attempt waited until the deadline for a lock that the lost
	 * connection of an earlier one may hold.
	 */
	private static boolean isEndOfLockWait(AttemptLedger ledger, FailedAttempt attempt, ClassifiedFailure classified,
			Throwable ex) {
		Throwable ended = ledger.backends().endedLockWait();
		return ended != null && attempt.observed() && attempt.outcome() != TransactionOutcome.COMMITTED
				&& !attempt.isUnknown() && (classified.symptom() || FailureHistory.isCausedBy(ex, ended));
	}

	private void giveUpFor(Loss reason) {
		if (this.history != null && this.failure != null) {
			this.history.add(this.failure);
		}
		this.failure = reason.failure();
		this.origin = reason.origin();
	}

	private void discard(Throwable ex) {
		try {
			this.executor.listeners().attemptDiscarded();
		}
		catch (InvalidDataAccessApiUsageException refusal) {
			if (refusal.getCause() == null) {
				refusal.initCause(ex);
			}
			refuse(refusal);
		}
	}

	private void refuse(InvalidDataAccessApiUsageException refusal) {
		this.failure = refusal;
		this.decision = new Decision.Fail(CallOutcome.REJECTED);
	}

	private void tell(FailedAttempt attempt, Decision next, Throwable ex) {
		if (next instanceof Decision.Fail fail && fail.outcome() == CallOutcome.ERROR) {
			return;
		}
		RetryReason reason = RetryReason.of(attempt.verdict().kind());
		Duration delay = (next instanceof Decision.Rerun rerun) ? rerun.delay() : Duration.ZERO;
		this.failedAttempt = new RetryableCallListener.FailedAttempt(this.attempts,
				attempt.outcome() == TransactionOutcome.NOT_BEGUN,
				((reason != null) ? reason : RetryReason.DISCONNECT).tag(), attempt.verdict().reason(),
				next instanceof Decision.Rerun, delay, ex);
		this.running.attemptFailed(this.failedAttempt);
	}

	private Decision decide(FailedAttempt attempt) {
		boolean free = this.attempts == 1;
		boolean taken = !free && this.budget.take();
		CallProgress progress = new CallProgress(this.attempts, this.contentions, this.waits, remaining(),
				free || taken, this.executor.sleeper().isShuttingDown());
		Decision next = this.executor.decider().decide(attempt, progress, this.settings);
		boolean used = next instanceof Decision.Rerun rerun && rerun.kind() != Decision.Rerun.Kind.WAIT;
		if (taken && !used) {
			this.budget.giveBack();
		}
		return next;
	}

	private long remaining() {
		return this.deadline - this.executor.nanoTime();
	}

	private void rerunning(Decision.Rerun rerun) {
		switch (rerun.kind()) {
			case WAIT -> this.waits++;
			case CONTENTION -> {
				this.contentions++;
				this.attempts++;
			}
			case LOSS -> this.attempts++;
		}
		if (this.history == null) {
			this.history = new FailureHistory();
		}
		if (this.failure != null) {
			this.history.add(this.failure);
		}
		if (this.failedAttempt != null) {
			this.running.rerunning(this.failedAttempt);
		}
	}

	private void logRerun(Decision.Rerun rerun, Map<String, Integer> independentWork, Throwable ex) {
		if (!independentWork.isEmpty()) {
			logger.atWarn()
				.addKeyValue("method", this.settings.name())
				.log("Rerunning {} repeats inner transactions that the failed attempt had committed: {}",
						this.settings.name(), IndependentWorkRefusal.describe(independentWork));
		}
		Duration delay = rerun.delay();
		logger.atDebug()
			.addKeyValue("method", this.settings.name())
			.addKeyValue("attempt", this.attempts)
			.addKeyValue("reason", rerun.reason())
			.log("{} failed in attempt {} of {} ({}), rerun in {} ms: {}", this.settings.name(), this.attempts,
					this.settings.maxAttempts(), rerun.reason(), delay.toMillis(), ex.getClass().getName());
	}

	/**
	 * How an attempt lost a connection whose backend isn't known to be gone.
	 *
	 * @param failure what the attempt threw
	 * @param origin what the connection saw
	 * @param verdict what it means
	 */
	private record Loss(Throwable failure, @Nullable Throwable origin, FailureVerdict verdict) {

	}

	/**
	 * What an attempt runs.
	 */
	@FunctionalInterface
	interface AttemptBody {

		@Nullable Object run() throws Throwable;

	}

}
