package io.github.resilientdb.retry;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;

import io.github.resilientdb.AttemptListener;
import io.github.resilientdb.CallName;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.RetryableCallListener.RunningCall;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.retry.RetryableCall.CallSettings;
import io.github.resilientdb.retry.method.Selection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RetryLoop}: who receives what, in which order, and how a call ends.
 */
// A ledger is confined to its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class RetryLoopTests implements AttemptListener, RunningCall, Sleeper {

	private static final long DEADLINE = Duration.ofSeconds(10).toNanos();

	private static final FailureVerdict LOST = new FailureVerdict(FailureVerdict.Kind.DISCONNECT,
			FailureVerdict.Scope.SUSPECT, "admin-shutdown");

	private final List<String> told = new ArrayList<>();

	private final Deque<RetryableCall.AttemptBody> attempts = new ArrayDeque<>();

	private final Object connection = new Object();

	private final SQLException lost = new SQLException("terminating connection", "57P01");

	private final RuntimeException failure = new DataAccessResourceFailureException("lost", this.lost);

	private Selection selection = Selection.METHOD;

	private long now;

	private SleepEnd sleepEnd = SleepEnd.RESTED;

	private @Nullable Throwable discardFailure;

	@Test
	void runsOneAttemptIfItReturns() throws Throwable {
		this.attempts.add(() -> "a value");
		assertThat(run()).isEqualTo("a value");
		assertThat(this.told).containsExactly("attempt starting", "attempt completed false", "returned false");
	}

	@Test
	void putsBackBeforeItTellsOfTheFailureAndWaits() throws Throwable {
		this.attempts.add(this::lose);
		this.attempts.add(() -> "a value");
		assertThat(run()).isEqualTo("a value");
		assertThat(this.told).containsExactly("attempt starting", "discarded", "attempt 1 failed, to be rerun true",
				"sleep", "rerunning 1", "attempt starting", "attempt completed false", "returned true");
	}

	@Test
	void endsWithWhatIsNotToBeRerun() {
		IllegalStateException business = new IllegalStateException("no money");
		this.attempts.add(() -> {
			throw business;
		});
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this::run).isSameAs(business);
		assertThat(this.told).containsExactly("attempt starting", "attempt completed false", "error after 1");
	}

	@Test
	void countsALossThatTheAttemptSurvivedAsRecovered() throws Throwable {
		this.attempts.add(() -> {
			AttemptLedger.current().failed(this.connection, this.lost, LOST);
			return null;
		});
		assertThat(run()).isNull();
		assertThat(this.told).containsExactly("attempt starting", "attempt completed true", "returned true");
	}

	@Test
	void failsAnAttemptThatReturnedThoughItsConnectionWasLost() throws Throwable {
		this.attempts.add(() -> {
			AttemptLedger ledger = AttemptLedger.current();
			ledger.began(this.connection);
			ledger.failed(this.connection, this.lost, LOST);
			ledger.ended(this.connection, TransactionOutcome.ROLLED_BACK);
			return "nothing found";
		});
		this.attempts.add(() -> "a value");
		assertThat(run()).isEqualTo("a value");
	}

	@Test
	void endsIfTheApplicationShutsDownMeanwhile() {
		this.sleepEnd = SleepEnd.SHUTDOWN;
		this.attempts.add(this::lose);
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::run)
			.isSameAs(this.failure);
		assertThat(this.told).endsWith("sleep", "interrupted after 1");
	}

	@Test
	void endsIfItIsInterruptedMeanwhile() {
		this.sleepEnd = SleepEnd.INTERRUPT;
		this.attempts.add(this::lose);
		assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(this::run)
			.withMessage("Interrupted while waiting to rerun Bank.transfer")
			.withCause(this.failure);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.told).endsWith("sleep", "interrupted after 1");
	}

	@Test
	void endsIfTheWaitUsedUpTheTime() {
		this.sleepEnd = SleepEnd.OVERSLEPT;
		this.attempts.add(this::lose);
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::run)
			.isSameAs(this.failure);
		assertThat(this.told).endsWith("sleep", "exhausted after 1");
	}

	@Test
	void endsIfAListenerRefusesTheRerun() {
		this.discardFailure = new InvalidDataAccessApiUsageException("can't be put back");
		this.attempts.add(this::lose);
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(this::run)
			.withMessage("can't be put back")
			.withCause(this.failure);
		assertThat(this.told).containsExactly("attempt starting", "discarded", "attempt 1 failed, to be rerun false",
				"rejected after 1");
	}

	@Test
	void endsIfTheHeapIsExhaustedWhileThingsArePutBack() {
		this.discardFailure = new OutOfMemoryError("in a test");
		this.attempts.add(this::lose);
		assertThatExceptionOfType(OutOfMemoryError.class).isThrownBy(this::run);
		assertThat(this.told).containsExactly("attempt starting", "discarded", "error after 1");
		assertThat(AttemptLedger.current()).isNull();
	}

	@Test
	void doesNotRepeatIndependentWorkThatNobodyHasAgreedTo() {
		this.selection = Selection.PROPERTY;
		this.attempts.add(() -> {
			AttemptLedger.current().autoCommitted();
			return lose();
		});
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(this::run)
			.withMessageContaining("statements in auto-commit mode")
			.withCause(this.failure);
		assertThat(this.told).containsExactly("attempt starting", "attempt completed true",
				"attempt 1 failed, to be rerun false", "rejected after 1");
	}

	@Test
	void repeatsIndependentWorkIfTheMethodIsAnnotated() throws Throwable {
		this.attempts.add(() -> {
			AttemptLedger.current().autoCommitted();
			return lose();
		});
		this.attempts.add(() -> "a value");
		assertThat(run()).isEqualTo("a value");
	}

	@Test
	void leavesAnExceptionAloneThatCannotBeRead() {
		RuntimeException unreadable = new RuntimeException("no money") {

			@Override
			public StackTraceElement[] getStackTrace() {
				throw new UnsupportedOperationException();
			}

			@Override
			public synchronized Throwable getCause() {
				throw new UnsupportedOperationException();
			}

		};
		this.attempts.add(() -> {
			throw unreadable;
		});
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(this::run).isSameAs(unreadable);
		assertThat(this.told).containsExactly("attempt starting", "attempt completed false", "error after 1");
	}

	@Test
	void leavesAnExceptionAloneToWhichNothingCanBeAdded() {
		RuntimeException unreadable = new RuntimeException("of the application") {

			@Override
			public StackTraceElement[] getStackTrace() {
				throw new UnsupportedOperationException();
			}

		};
		this.attempts.add(this::lose);
		this.attempts.add(() -> {
			throw unreadable;
		});
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(this::run).isSameAs(unreadable);
		assertThat(this.told).endsWith("error after 2");
	}

	@Test
	void saysThatTheOutcomeIsUnknownEvenIfTheExceptionCannotBeRead() {
		RuntimeException unreadable = new RuntimeException("lost") {

			@Override
			public synchronized Throwable getCause() {
				throw new UnsupportedOperationException();
			}

		};
		this.attempts.add(() -> {
			AttemptLedger ledger = AttemptLedger.current();
			ledger.began(this.connection);
			ledger.ended(this.connection, TransactionOutcome.UNKNOWN);
			throw unreadable;
		});
		assertThatExceptionOfType(TransactionOutcomeUnknownException.class).isThrownBy(this::run);
	}

	private Object lose() {
		AttemptLedger ledger = AttemptLedger.current();
		ledger.began(this.connection);
		ledger.failed(this.connection, this.lost, LOST);
		ledger.ended(this.connection, TransactionOutcome.ROLLED_BACK);
		throw this.failure;
	}

	private @Nullable Object run() throws Throwable {
		Backoff backoff = new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(2));
		AttemptJudge judge = new AttemptJudge(new FailureClassifier(List::of),
				new RerunDecider(backoff, EnumSet.allOf(RetryReason.class), () -> 0.5), this, () -> this.now);
		AttemptListeners listeners = new AttemptListeners(List.of(this));
		RetryLoop loop = new RetryLoop(judge, () -> listeners, this, () -> this.now);
		CallSettings settings = new CallSettings(CallName.TEMPLATE, this.selection, "Bank.transfer", null, 5,
				Duration.ofSeconds(10), false, "");
		return loop.run(new RetryableCall(settings, new RetryBudget(0.2, 10), () -> this.attempts.remove().run(),
				new Object[0], DEADLINE, this));
	}

	@Override
	public void attemptStarting(String call) {
		this.told.add("attempt starting");
	}

	@Override
	public void attemptCompleted(boolean connectionLost) {
		this.told.add("attempt completed " + connectionLost);
	}

	@Override
	public void attemptDiscarded() {
		this.told.add("discarded");
		if (this.discardFailure instanceof RuntimeException ex) {
			throw ex;
		}
		if (this.discardFailure instanceof Error ex) {
			throw ex;
		}
	}

	@Override
	public void attemptFailed(RetryableCallListener.FailedAttempt attempt) {
		this.told.add("attempt %d failed, to be rerun %s".formatted(attempt.number(), attempt.willBeRerun()));
	}

	@Override
	public void rerunning(RetryableCallListener.FailedAttempt attempt) {
		this.told.add("rerunning " + attempt.number());
	}

	@Override
	public void returned(boolean recovered) {
		this.told.add("returned " + recovered);
	}

	@Override
	public void failed(String outcome, int attempts, Throwable failure) {
		this.told.add(outcome + " after " + attempts);
	}

	@Override
	public boolean sleep(Duration delay) throws InterruptedException {
		this.told.add("sleep");
		if (this.sleepEnd == SleepEnd.INTERRUPT) {
			throw new InterruptedException();
		}
		this.now = (this.sleepEnd == SleepEnd.OVERSLEPT) ? DEADLINE : this.now + delay.toNanos();
		return this.sleepEnd != SleepEnd.SHUTDOWN;
	}

	@Override
	public boolean isShuttingDown() {
		return false;
	}

	enum SleepEnd {

		RESTED, SHUTDOWN, INTERRUPT, OVERSLEPT

	}

}
