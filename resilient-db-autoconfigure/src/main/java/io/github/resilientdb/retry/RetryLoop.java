package io.github.resilientdb.retry;

import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.retry.Decision.CallOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * Runs a call: attempt after attempt, until one returns or is not to be rerun.
 */
final class RetryLoop {

	private static final Logger logger = LoggerFactory.getLogger(RetryLoop.class);

	private final AttemptJudge judge;

	private final Supplier<AttemptListeners> listeners;

	private final Sleeper sleeper;

	private final LongSupplier nanoTime;

	/**
	 * Create a loop.
	 * @param judge judges failed attempts
	 * @param listeners receives the attempts; looked up with the first call
	 * @param sleeper waits between attempts
	 * @param nanoTime the clock of the deadlines
	 */
	RetryLoop(AttemptJudge judge, Supplier<AttemptListeners> listeners, Sleeper sleeper, LongSupplier nanoTime) {
		this.judge = judge;
		this.listeners = listeners;
		this.sleeper = sleeper;
		this.nanoTime = nanoTime;
	}

	@Nullable Object run(RetryableCall call) throws Throwable {
		AttemptResult result = attempt(call, CallState.FIRST);
		if (result instanceof AttemptResult.Failed first && first.isToBeRerun()) {
			result = SpringRetryEngine.get().repeat(first, (last) -> {
				AttemptResult.Failed failed = backOff(call, last);
				if (!failed.isToBeRerun()) {
					return failed;
				}
				call.running().rerunning(failed.report());
				return attempt(call, failed.next());
			});
		}
		if (result instanceof AttemptResult.Returned returned) {
			call.running().returned(returned.recovered());
			return returned.value();
		}
		throw conclude(call, (AttemptResult.Failed) result);
	}

	/**
	 * Run one attempt and, if it throws, decide what comes next.
	 * @return how it ended; nothing is thrown, whatever happens
	 */
	private AttemptResult attempt(RetryableCall call, CallState state) {
		try (AttemptLedger ledger = AttemptLedger.open(call.deadline(), call.settings().transactionName(),
				state.backend())) {
			AttemptListeners listeners = this.listeners.get();
			listeners.attemptStarting(call.name(), call.arguments());
			Object value;
			try {
				value = call.body().run();
				refuseIfLost(call, ledger);
			}
			catch (Throwable ex) {
				return failed(call, state, ledger, ex);
			}
			listeners.attemptCompleted(ledger.connectionLost());
			return new AttemptResult.Returned(value, state.isRerun() || ledger.connectionLost());
		}
		catch (Throwable ex) {
			return AttemptResult.Failed.unjudged(state, ex);
		}
	}

	/**
	 * An attempt whose connection was lost fails, whatever it made of the failure: JPA
	 * providers may report a row as missing that they could not read.
	 */
	private static void refuseIfLost(RetryableCall call, AttemptLedger ledger) {
		Throwable loss = ledger.own().loss();
		if (loss != null) {
			throw new DataAccessResourceFailureException(
					"The connection of " + call.name() + " was lost, and its result may be wrong", loss);
		}
	}

	private AttemptResult.Failed failed(RetryableCall call, CallState state, AttemptLedger ledger, Throwable thrown) {
		AttemptListeners listeners = this.listeners.get();
		Map<String, Integer> independentWork = ledger.transactions().independentWork();
		AttemptResult.Failed failed = refuseToRepeat(call, independentWork, judge(call, state, ledger, thrown));
		if (failed.isToBeRerun()) {
			failed = discard(listeners, failed);
		}
		else {
			listeners.attemptCompleted(ledger.connectionLost());
		}
		if (failed.hadReason()) {
			call.running().attemptFailed(failed.report());
		}
		if (failed.isToBeRerun()) {
			logRerun(call, failed, independentWork);
		}
		return failed;
	}

	/**
	 * Exceptions of the application may have methods that throw. Then the call ends with
	 * the exception as it is.
	 */
	private AttemptResult.Failed judge(RetryableCall call, CallState state, AttemptLedger ledger, Throwable thrown) {
		try {
			return this.judge.judge(call, state, ledger, thrown);
		}
		catch (Throwable ex) {
			logger.warn("A failure of {} can't be examined, so the call ends with it", call.name(), ex);
			return AttemptResult.Failed.unjudged(state, thrown, ledger.own().outcome() == TransactionOutcome.UNKNOWN);
		}
	}

	private static AttemptResult.Failed refuseToRepeat(RetryableCall call, Map<String, Integer> independentWork,
			AttemptResult.Failed failed) {
		if (!failed.isToBeRerun() || independentWork.isEmpty()
				|| call.settings().selection().mayRepeatIndependentWork()) {
			return failed;
		}
		return failed.refused(IndependentWorkRefusal.of(call.name(), independentWork, failed.thrown()));
	}

	private static AttemptResult.Failed discard(AttemptListeners listeners, AttemptResult.Failed failed) {
		try {
			listeners.attemptDiscarded();
			return failed;
		}
		catch (InvalidDataAccessApiUsageException ex) {
			return failed.refused(ex);
		}
	}

	/**
	 * Wait as decided. If another attempt makes no sense afterwards, the call ends.
	 */
	private AttemptResult.Failed backOff(RetryableCall call, AttemptResult.Failed failed) {
		if (failed.delay().isZero()) {
			return failed;
		}
		try {
			if (!this.sleeper.sleep(failed.delay())) {
				return failed.ending(CallOutcome.INTERRUPTED);
			}
			return (call.deadline() - this.nanoTime.getAsLong() > 0) ? failed : failed.ending(CallOutcome.EXHAUSTED);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return failed.interrupted(call.name());
		}
	}

	private static Throwable conclude(RetryableCall call, AttemptResult.Failed failed) {
		int attempts = failed.state().attempts();
		logger.atDebug()
			.addKeyValue("outcome", failed.outcome())
			.addKeyValue("attempts", attempts)
			.log("{} failed in attempt {}: {}", call.name(), attempts, failed.outcome());
		Throwable conclusion = conclusion(failed);
		call.running().failed(failed.outcome().name().toLowerCase(Locale.ROOT), attempts, conclusion);
		return conclusion;
	}

	private static Throwable conclusion(AttemptResult.Failed failed) {
		try {
			return failed.state().earlier().conclude(failed.failure().conclude());
		}
		catch (Throwable ex) {
			logger.warn("What earlier attempts threw can't be added to a failure", ex);
			return failed.failure().asItIs();
		}
	}

	private static void logRerun(RetryableCall call, AttemptResult.Failed failed,
			Map<String, Integer> independentWork) {
		if (!independentWork.isEmpty()) {
			logger.atWarn()
				.addKeyValue("method", call.name())
				.log("Rerunning {} repeats inner transactions that the failed attempt had committed: {}", call.name(),
						IndependentWorkRefusal.describe(independentWork));
		}
		int attempt = failed.state().attempts();
		String reason = failed.attempt().verdict().reason();
		logger.atDebug()
			.addKeyValue("method", call.name())
			.addKeyValue("attempt", attempt)
			.addKeyValue("reason", reason)
			.log("{} failed in attempt {} of {} ({}), rerun in {} ms: {}", call.name(), attempt,
					call.settings().maxAttempts(), reason, failed.delay().toMillis(),
					failed.thrown().getClass().getName());
	}

}
