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
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.disconnect.FailureClassifier;
import io.github.resilientdb.retry.RetryableCall.CallSettings;
import io.github.resilientdb.retry.method.Selection;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RetryingExecutor}: its time is what is slept and worked, and its
 * attempts tell the ledger what guarded connections would.
 */
class RetryingExecutorTests {

	private static final FailureVerdict LOST = new FailureVerdict(Kind.DISCONNECT, Scope.SUSPECT, "admin-shutdown");

	private static final Object[] ARGUMENTS = { "an argument" };

	private final Deque<Attempt> attempts = new ArrayDeque<>();

	private static final IllegalStateException SHARED = new IllegalStateException("no money");

	private final FakeTime time = new FakeTime();

	private final StaticListableBeanFactory beans = new StaticListableBeanFactory();

	private int runs;

	private int maxAttempts = 5;

	private boolean rerunIfUnknown;

	private final RecordingListener listener = new RecordingListener();

	private List<AttemptListener> attemptListeners = List.of();

	private RetrySettings.Budget budget = new RetrySettings.Budget(0.2, 50);

	@Test
	void throwsTheReportOfAnUnknownOutcomeItself() {
		TransactionOutcomeUnknownException report = new TransactionOutcomeUnknownException("no verification", "1:42",
				null, lost());
		attempt(TransactionOutcome.UNKNOWN,
				new TransactionSystemException("Could not commit", new IllegalStateException(report)));
		assertThatExceptionOfType(TransactionOutcomeUnknownException.class).isThrownBy(this::execute).isSameAs(report);
		assertThat(this.runs).isEqualTo(1);
	}

	@Test
	void reportsAnUnknownOutcomeThatNobodyReported() {
		RuntimeException failure = new IllegalStateException("rewritten");
		attempt(TransactionOutcome.UNKNOWN, failure);
		assertThatExceptionOfType(TransactionOutcomeUnknownException.class).isThrownBy(this::execute)
			.withCause(failure);
	}

	@Test
	void givesAnUnknownOutcomeTheFailureOfItsCommit() {
		SQLException lost = lost();
		this.attempts.add(() -> {
			AttemptLedger ledger = AttemptLedger.current();
			ledger.transactions().beginning(this, "", false);
			ledger.transactions().begun(this);
			ledger.transactions().committing(this);
			ledger.transactions().commitFailed(lost);
			SQLException closed = new SQLException("Connection is closed", "08003");
			ledger.transactions().commitFailed(closed);
			ledger.transactions().ended(this, TransactionOutcome.ROLLED_BACK);
			throw new TransactionSystemException("JDBC rollback failed", closed);
		});
		assertThatExceptionOfType(TransactionOutcomeUnknownException.class).isThrownBy(this::execute)
			.withStackTraceContaining("JDBC rollback failed")
			.havingRootCause()
			.isSameAs(lost);
	}

	@Test
	void givesAFailedRollbackTheFailureThatItTookThePlaceOf() {
		this.maxAttempts = 1;
		SQLException lost = lost();
		TransactionSystemException failure = new TransactionSystemException("JDBC rollback failed",
				new SQLException("Connection is closed", "08003"));
		failure.initApplicationException(new DataAccessResourceFailureException("lost", lost));
		attempt(TransactionOutcome.ROLLED_BACK, failure);
		assertThatExceptionOfType(TransactionSystemException.class).isThrownBy(this::execute)
			.isSameAs(failure)
			.havingRootCause()
			.isSameAs(lost);
	}

	@Test
	void rerunsAnUnknownOutcomeIfAskedTo() throws Throwable {
		this.rerunIfUnknown = true;
		attempt(TransactionOutcome.UNKNOWN, new DataAccessResourceFailureException("lost", lost()));
		assertThat(execute()).isEqualTo(2);
	}

	@Test
	void reportsTheUnknownOutcomeOfTheLastOfAllAttempts() {
		this.rerunIfUnknown = true;
		this.maxAttempts = 2;
		attempt(TransactionOutcome.UNKNOWN, new DataAccessResourceFailureException("lost", lost()));
		attempt(TransactionOutcome.UNKNOWN, new DataAccessResourceFailureException("lost", lost()));
		assertThatExceptionOfType(TransactionOutcomeUnknownException.class).isThrownBy(this::execute)
			.satisfies((ex) -> assertThat(ex.getSuppressed()).hasSize(1));
	}

	@Test
	void rerunsWhenTheReasonWasSwallowed() throws Throwable {
		attempt(TransactionOutcome.ROLLED_BACK, new UnexpectedRollbackException("rolled back"), lost());
		attempt(TransactionOutcome.ROLLED_BACK, new IllegalStateException("no money"), lost());
		assertThat(execute()).isEqualTo(3);
	}

	@Test
	void givesBackTheReasonThatWasSwallowed() {
		this.maxAttempts = 1;
		SQLException lost = lost();
		UnexpectedRollbackException failure = new UnexpectedRollbackException("rolled back");
		attempt(TransactionOutcome.ROLLED_BACK, failure, lost);
		assertThatExceptionOfType(UnexpectedRollbackException.class).isThrownBy(this::execute)
			.isSameAs(failure)
			.withCause(lost);
	}

	@Test
	void givesAnExceptionOfTheApplicationTheReasonThatWasSwallowed() {
		this.maxAttempts = 1;
		SQLException lost = lost();
		this.attempts.add(() -> lose(lost, new IllegalStateException("no money")));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this::execute)
			.withMessage("no money")
			.withCause(lost);
	}

	@Test
	void keepsTheIdentityOfAnExceptionThatTakesNoCause() {
		this.maxAttempts = 1;
		SQLException lost = lost();
		this.attempts.add(() -> lose(lost, new IllegalStateException("no money", null)));
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this::execute)
			.withNoCause()
			.satisfies((ex) -> assertThat(ex).hasSuppressedException(lost));
	}

	@Test
	void addsNothingToAnExceptionThatCallsShare() {
		this.maxAttempts = 2;
		for (int i = 0; i < 4; i++) {
			attempt(TransactionOutcome.ROLLED_BACK, SHARED, lost());
		}
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this::execute).isSameAs(SHARED);
		}
		assertThat(this.runs).isEqualTo(4);
		assertThat(SHARED).hasNoCause().hasNoSuppressedExceptions();
	}

	@Test
	void keepsTheOriginalInsteadOfTheFailureOfARollback() {
		this.maxAttempts = 1;
		SQLException lost = lost();
		attempt(TransactionOutcome.ROLLED_BACK,
				new TransactionSystemException("rollback failed", new SQLException("Connection is closed")), lost);
		assertThatExceptionOfType(TransactionSystemException.class).isThrownBy(this::execute)
			.havingRootCause()
			.isSameAs(lost);
	}

	@Test
	void neverRerunsWhatWasCommitted() {
		RuntimeException failure = new DataAccessResourceFailureException("lost in a callback", lost());
		attempt(TransactionOutcome.COMMITTED, failure);
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::execute).isSameAs(failure);
		assertThat(this.runs).isEqualTo(1);
	}

	@Test
	void waitsForAConnectionUntilTheDeadline() {
		for (int i = 0; i < 1000; i++) {
			this.attempts.add(() -> {
				AttemptLedger.current().transactions().beginning(this, "", false);
				AttemptLedger.current().transactions().notBegun(this);
				throw new CannotCreateTransactionException("begin", new SQLException("refused", "08001"));
			});
		}
		assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(this::execute)
			.satisfies((ex) -> assertThat(ex.getSuppressed()).hasSize(10));
		assertThat(this.runs).isGreaterThan(5);
		assertThat(this.time.slept()).isLessThanOrEqualTo(Duration.ofSeconds(10)).isGreaterThan(Duration.ofSeconds(9));
	}

	@Test
	void countsABodyThatRanThoughItsConnectionCameLaterAndDidNot() {
		this.maxAttempts = 2;
		for (int i = 0; i < 12; i++) {
			this.attempts.add(() -> {
				SQLException refused = new SQLException("refused", "08001");
				AttemptLedger ledger = AttemptLedger.current();
				ledger.transactions().beginning(this, "", false);
				ledger.transactions().begun(this);
				ledger.transactions().ended(this, TransactionOutcome.ROLLED_BACK);
				throw new DataAccessResourceFailureException("no connection", refused);
			});
		}
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::execute);
		assertThat(this.runs).isEqualTo(2);
	}

	@Test
	void startsNothingAfterTheDeadline() {
		this.attempts.add(() -> {
			this.time.work(Duration.ofSeconds(11));
			return lose();
		});
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::execute);
		assertThat(this.runs).isEqualTo(1);
		assertThat(this.time.slept()).isZero();
	}

	@Test
	void keepsToTheDeadlineOfTheOuterCall() {
		try (AttemptLedger outer = AttemptLedger.open(this.time.nanoTime())) {
			this.attempts.add(this::lose);
			assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::execute);
		}
		assertThat(this.runs).isEqualTo(1);
	}

	@Test
	void makesTheFirstRerunEvenWithoutABudget() throws Throwable {
		this.budget = new RetrySettings.Budget(0, 0);
		this.attempts.add(this::lose);
		assertThat(execute()).isEqualTo(2);
	}

	@Test
	void makesNoSecondRerunWithoutABudget() {
		this.budget = new RetrySettings.Budget(0, 0);
		this.attempts.add(this::lose);
		this.attempts.add(this::lose);
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::execute);
		assertThat(this.runs).isEqualTo(2);
	}

	@Test
	void rerunsNothingWhileShuttingDown() {
		this.time.shutdown = true;
		this.attempts.add(this::lose);
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::execute);
		assertThat(this.runs).isEqualTo(1);
	}

	@Test
	void endsIfInterruptedWhileSleeping() {
		this.time.interrupt = true;
		this.attempts.add(this::lose);
		assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(this::execute)
			.withCauseInstanceOf(DataAccessResourceFailureException.class);
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.runs).isEqualTo(1);
	}

	@Test
	void survivesAFailureThatIsTheSameEachTime() {
		DataAccessResourceFailureException failure = new DataAccessResourceFailureException("lost", lost());
		for (int i = 0; i < 5; i++) {
			attempt(TransactionOutcome.ROLLED_BACK, failure);
		}
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::execute).isSameAs(failure);
		assertThat(failure.getSuppressed()).isEmpty();
	}

	@Test
	void passesErrorsThrough() {
		this.attempts.add(() -> {
			throw new AssertionError("wrong");
		});
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this::execute).withNoCause();
	}

	private Object lose(SQLException lost, RuntimeException thrown) {
		attempt(TransactionOutcome.ROLLED_BACK, thrown, lost);
		return this.attempts.removeLast().run();
	}

	private void attempt(TransactionOutcome outcome, RuntimeException thrown) {
		attempt(outcome, thrown, null);
	}

	private void attempt(TransactionOutcome outcome, RuntimeException thrown, SQLException seen) {
		this.attempts.add(() -> {
			AttemptLedger ledger = AttemptLedger.current();
			ledger.transactions().beginning(this, "", false);
			if (outcome == TransactionOutcome.NOT_BEGUN) {
				ledger.transactions().notBegun(this);
				throw thrown;
			}
			ledger.transactions().begun(this);
			ledger.began(this.time);
			if (seen != null) {
				ledger.failed(this.time, seen, LOST);
			}
			ledger.ended(this.time, outcome);
			ledger.transactions().ended(this, outcome);
			throw thrown;
		});
	}

	@Test
	void tellsListenersOfEachFailedAttemptAndOfTheEnd() throws Throwable {
		attempt(TransactionOutcome.ROLLED_BACK, new DataAccessResourceFailureException("lost", lost()));
		attempt(TransactionOutcome.NOT_BEGUN, new DataAccessResourceFailureException("lost", lost()));
		execute();
		assertThat(this.listener.told).containsExactly("starting test", "failed 1 disconnect admin-shutdown false",
				"rerunning 1", "failed 2 disconnect admin-shutdown true", "rerunning 2", "returned true");
	}

	@Test
	void tellsListenersHowACallFailed() {
		this.maxAttempts = 1;
		attempt(TransactionOutcome.ROLLED_BACK, new DataAccessResourceFailureException("lost", lost()));
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::execute);
		assertThat(this.listener.told).containsExactly("starting test", "failed 1 disconnect admin-shutdown false",
				"exhausted after 1");
	}

	@Test
	void tellsListenersOfABusinessExceptionOnlyThatTheCallFailed() {
		attempt(TransactionOutcome.ROLLED_BACK, new IllegalArgumentException("business"));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(this::execute);
		assertThat(this.listener.told).containsExactly("starting test", "error after 1");
	}

	@Test
	void tellsListenersOfASmoothCall() throws Throwable {
		execute();
		assertThat(this.listener.told).containsExactly("starting test", "returned false");
	}

	@Test
	void isNotDisturbedByAListenerThatThrows() throws Throwable {
		this.listener.failing = true;
		attempt(TransactionOutcome.ROLLED_BACK, new DataAccessResourceFailureException("lost", lost()));
		assertThat(execute()).isEqualTo(2);
	}

	@Test
	void throwsTheRefusalOfARerun() {
		List<Object[]> arguments = new ArrayList<>();
		this.attemptListeners = List.of(new AttemptListener() {
			@Override
			public void attemptStarting(String call, Object[] given) {
				arguments.add(given);
			}

			@Override
			public void attemptDiscarded() {
				throw new InvalidDataAccessApiUsageException("can't be put back");
			}
		});
		SQLException lost = lost();
		attempt(TransactionOutcome.ROLLED_BACK, new DataAccessResourceFailureException("lost", lost));
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class).isThrownBy(this::execute)
			.withMessage("can't be put back")
			.havingRootCause()
			.isSameAs(lost);
		assertThat(this.runs).isEqualTo(1);
		assertThat(arguments).containsExactly(ARGUMENTS);
		assertThat(this.listener.told).last().isEqualTo("rejected after 1");
	}

	@Test
	void aLockWaitThatEndsWithTheDeadlineFailsWithTheLoss() {
		DataAccessResourceFailureException loss = new DataAccessResourceFailureException("lost", lost());
		SQLException locked = new SQLException("canceling statement due to lock timeout", "55P03");
		abandon(loss);
		this.attempts.add(() -> {
			rollBack();
			AttemptLedger.current().backends().lockWaitEnded(locked);
			throw new CannotAcquireLockException("locked", locked);
		});
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(this::execute)
			.isSameAs(loss)
			.satisfies(
					(ex) -> assertThat(ex.getSuppressed()).hasExactlyElementsOfTypes(CannotAcquireLockException.class));
		assertThat(this.runs).isEqualTo(2);
		assertThat(this.listener.told).last().isEqualTo("exhausted after 2");
	}

	@Test
	void aLockWaitThatTheUserLimitedOrDealtWithIsHisOwn() {
		abandon(new DataAccessResourceFailureException("lost", lost()));
		this.attempts.add(() -> {
			rollBack();
			AttemptLedger.current()
				.backends()
				.lockWaitEnded(new SQLException("canceling statement due to lock timeout", "55P03"));
			throw new IllegalStateException("no money");
		});
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this::execute).withMessage("no money");
		assertThat(this.listener.told).last().isEqualTo("error after 2");
	}

	private void abandon(RuntimeException loss) {
		this.attempts.add(() -> {
			rollBack();
			AttemptLedger.current().backends().abandon();
			throw loss;
		});
	}

	private void rollBack() {
		AttemptLedger ledger = AttemptLedger.current();
		ledger.began(this);
		ledger.ended(this, TransactionOutcome.ROLLED_BACK);
	}

	private Object lose() {
		attempt(TransactionOutcome.ROLLED_BACK, new DataAccessResourceFailureException("lost", lost()));
		return this.attempts.removeLast().run();
	}

	private static SQLException lost() {
		return new SQLException("terminating connection", "57P01");
	}

	private Object execute() throws Throwable {
		Backoff backoff = new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(2));
		RetrySettings settings = new RetrySettings(this.maxAttempts, Duration.ofSeconds(10), backoff,
				EnumSet.allOf(RetryReason.class), this.budget);
		RetryingExecutor executor = new RetryingExecutor(settings, new FailureClassifier(List::of),
				() -> this.attemptListeners, () -> List.of(this.listener), () -> 0, new BudgetScopes(() -> this.beans),
				this.time, this.time::nanoTime);
		CallSettings call = new CallSettings(CallName.TEMPLATE, Selection.TEMPLATE, "test", null, this.maxAttempts,
				Duration.ofSeconds(10), this.rerunIfUnknown, "");
		return executor.execute(call, ARGUMENTS, () -> {
			this.runs++;
			Attempt attempt = this.attempts.poll();
			return (attempt != null) ? attempt.run() : this.runs;
		});
	}

	interface Attempt {

		Object run();

	}

	static class RecordingListener implements RetryableCallListener, RetryableCallListener.RunningCall {

		private final List<String> told = new ArrayList<>();

		private boolean failing;

		@Override
		public RunningCall callStarting(CallName call, String label) {
			return tell("starting " + label);
		}

		@Override
		public void attemptFailed(RetryableCallListener.FailedAttempt attempt) {
			tell("failed %d %s %s %s".formatted(attempt.number(), attempt.kind(), attempt.reason(), attempt.waiting()));
		}

		@Override
		public void rerunning(RetryableCallListener.FailedAttempt attempt) {
			tell("rerunning " + attempt.number());
		}

		@Override
		public void returned(boolean recovered) {
			tell("returned " + recovered);
		}

		@Override
		public void failed(String outcome, int attempts, Throwable failure) {
			tell(outcome + " after " + attempts);
		}

		private RunningCall tell(String message) {
			this.told.add(message);
			if (this.failing) {
				throw new IllegalStateException("a listener that fails");
			}
			return this;
		}

	}

	static class FakeTime implements Sleeper {

		private final List<Duration> sleeps = new ArrayList<>();

		private long now = Long.MAX_VALUE - 5;

		private boolean shutdown;

		private boolean interrupt;

		@Override
		public boolean sleep(Duration delay) throws InterruptedException {
			if (this.interrupt) {
				throw new InterruptedException();
			}
			this.sleeps.add(delay);
			work(delay);
			return true;
		}

		@Override
		public boolean isShuttingDown() {
			return this.shutdown;
		}

		void work(Duration duration) {
			this.now += duration.toNanos();
		}

		long nanoTime() {
			return this.now;
		}

		Duration slept() {
			return this.sleeps.stream().reduce(Duration.ZERO, Duration::plus);
		}

	}

}
