package io.github.resilientdb.retry;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;

import io.github.resilientdb.CallName;
import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.disconnect.ClassifiedFailure;
import io.github.resilientdb.retry.CallState.CallProgress;
import io.github.resilientdb.retry.Decision.CallOutcome;
import io.github.resilientdb.retry.RetryableCall.CallSettings;
import io.github.resilientdb.retry.method.Selection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RerunDecider}.
 */
class RerunDeciderTests {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(2));

	private static final Object LOSS = Decision.Rerun.Kind.LOSS;

	private static final Object WAIT = Decision.Rerun.Kind.WAIT;

	private static final Object CONTENTION = Decision.Rerun.Kind.CONTENTION;

	/**
	 * What the guarded connection saw and what the failure means, and what follows: first
	 * by default, then with rerunIfUnknown.
	 */
	static Stream<Arguments> guarded() {
		return Stream.of(
				// No connection could be had, or it was lost before it was used: wait
				Arguments.of(TransactionOutcome.NOT_BEGUN, Kind.DISCONNECT, WAIT, WAIT),
				Arguments.of(TransactionOutcome.NOT_BEGUN, Kind.UNAVAILABLE, WAIT, WAIT),
				Arguments.of(TransactionOutcome.NOT_BEGUN, Kind.SERIALIZATION_FAILURE, CONTENTION, CONTENTION),
				Arguments.of(TransactionOutcome.NOT_BEGUN, Kind.DEADLOCK, CONTENTION, CONTENTION),
				// A wrong password does not get right
				Arguments.of(TransactionOutcome.NOT_BEGUN, Kind.OTHER, CallOutcome.ERROR, CallOutcome.ERROR),
				// COMMIT was never sent
				Arguments.of(TransactionOutcome.ACTIVE, Kind.DISCONNECT, LOSS, LOSS),
				Arguments.of(TransactionOutcome.ACTIVE, Kind.UNAVAILABLE, LOSS, LOSS),
				Arguments.of(TransactionOutcome.ACTIVE, Kind.SERIALIZATION_FAILURE, CONTENTION, CONTENTION),
				Arguments.of(TransactionOutcome.ACTIVE, Kind.DEADLOCK, CONTENTION, CONTENTION),
				Arguments.of(TransactionOutcome.ACTIVE, Kind.OTHER, CallOutcome.ERROR, CallOutcome.ERROR),
				// Rolled back, or found not to have been committed
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.DISCONNECT, LOSS, LOSS),
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.UNAVAILABLE, LOSS, LOSS),
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.SERIALIZATION_FAILURE, CONTENTION, CONTENTION),
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.DEADLOCK, CONTENTION, CONTENTION),
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.OTHER, CallOutcome.ERROR, CallOutcome.ERROR),
				// Committed is committed, whatever a callback throws
				Arguments.of(TransactionOutcome.COMMITTED, Kind.DISCONNECT, CallOutcome.ERROR, CallOutcome.ERROR),
				Arguments.of(TransactionOutcome.COMMITTED, Kind.UNAVAILABLE, CallOutcome.ERROR, CallOutcome.ERROR),
				Arguments.of(TransactionOutcome.COMMITTED, Kind.SERIALIZATION_FAILURE, CallOutcome.ERROR,
						CallOutcome.ERROR),
				Arguments.of(TransactionOutcome.COMMITTED, Kind.DEADLOCK, CallOutcome.ERROR, CallOutcome.ERROR),
				Arguments.of(TransactionOutcome.COMMITTED, Kind.OTHER, CallOutcome.ERROR, CallOutcome.ERROR),
				// Nobody knows, whatever is thrown
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.DISCONNECT, CallOutcome.UNKNOWN, LOSS),
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.UNAVAILABLE, CallOutcome.UNKNOWN, LOSS),
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.SERIALIZATION_FAILURE, CallOutcome.UNKNOWN, LOSS),
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.DEADLOCK, CallOutcome.UNKNOWN, LOSS),
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.OTHER, CallOutcome.UNKNOWN, LOSS));
	}

	/**
	 * The same for a connection that is none of ours, where only the transaction manager
	 * tells anything; with and without a commit under way.
	 */
	static Stream<Arguments> unguarded() {
		return Stream.of(Arguments.of(TransactionOutcome.NOT_BEGUN, Kind.UNAVAILABLE, false, WAIT),
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.DISCONNECT, false, LOSS),
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.UNAVAILABLE, false, LOSS),
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.SERIALIZATION_FAILURE, false, CONTENTION),
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.OTHER, false, CallOutcome.ERROR),
				// Spring reports a rollback after every failure of a commit
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.DISCONNECT, true, CallOutcome.UNKNOWN),
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.UNAVAILABLE, true, CallOutcome.UNKNOWN),
				// The server refused the commit: that is an answer
				Arguments.of(TransactionOutcome.ROLLED_BACK, Kind.SERIALIZATION_FAILURE, true, CONTENTION),
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.DEADLOCK, true, CONTENTION),
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.DISCONNECT, true, CallOutcome.UNKNOWN),
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.OTHER, true, CallOutcome.ERROR),
				// A callback before the commit failed: the clean-up may have committed
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.DISCONNECT, false, CallOutcome.UNKNOWN),
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.SERIALIZATION_FAILURE, false, CallOutcome.UNKNOWN),
				Arguments.of(TransactionOutcome.UNKNOWN, Kind.OTHER, false, CallOutcome.ERROR),
				Arguments.of(TransactionOutcome.COMMITTED, Kind.DISCONNECT, true, CallOutcome.ERROR));
	}

	/**
	 * How far the call is, after a disconnect in its transaction and after a
	 * serialization failure.
	 */
	static Stream<Arguments> progress() {
		long second = Duration.ofSeconds(1).toNanos();
		return Stream.of(Arguments.of(new CallProgress(1, 0, 0, second, true, false), LOSS, CONTENTION),
				Arguments.of(new CallProgress(4, 0, 0, second, true, false), LOSS, CONTENTION),
				// All attempts made
				Arguments.of(new CallProgress(5, 0, 0, second, true, false), CallOutcome.EXHAUSTED,
						CallOutcome.EXHAUSTED),
				// No time left
				Arguments.of(new CallProgress(1, 0, 0, 0, true, false), CallOutcome.EXHAUSTED, CallOutcome.EXHAUSTED),
				Arguments.of(new CallProgress(1, 0, 0, -second, true, false), CallOutcome.EXHAUSTED,
						CallOutcome.EXHAUSTED),
				// Contention is rerun three times, whatever maxAttempts says
				Arguments.of(new CallProgress(4, 2, 0, second, true, false), LOSS, CONTENTION),
				Arguments.of(new CallProgress(4, 3, 0, second, true, false), LOSS, CallOutcome.EXHAUSTED),
				// Waits are no attempts
				Arguments.of(new CallProgress(1, 0, 100, second, true, false), LOSS, CONTENTION),
				Arguments.of(new CallProgress(2, 0, 0, second, false, false), CallOutcome.REJECTED,
						CallOutcome.REJECTED),
				Arguments.of(new CallProgress(1, 0, 0, second, true, true), CallOutcome.INTERRUPTED,
						CallOutcome.INTERRUPTED));
	}

	@ParameterizedTest
	@MethodSource("guarded")
	void decidesByWhatTheConnectionSaw(TransactionOutcome outcome, Kind kind, Object expected, Object ifUnknown) {
		FailedAttempt attempt = new FailedAttempt(true, outcome, true, true, verdict(kind), false);
		assertThat(decide(attempt, early(), false)).isEqualTo(expected);
		assertThat(decide(attempt, early(), true)).isEqualTo(ifUnknown);
	}

	@ParameterizedTest
	@MethodSource("unguarded")
	void decidesByWhatTheTransactionManagerTold(TransactionOutcome outcome, Kind kind, boolean committing,
			Object expected) {
		FailedAttempt attempt = new FailedAttempt(true, outcome, false, committing, verdict(kind), false);
		assertThat(decide(attempt, early(), false)).isEqualTo(expected);
	}

	@ParameterizedTest
	@MethodSource("progress")
	void isBounded(CallProgress progress, Object afterDisconnect, Object afterContention) {
		assertThat(decide(lost(Kind.DISCONNECT), progress, false)).isEqualTo(afterDisconnect);
		assertThat(decide(lost(Kind.SERIALIZATION_FAILURE), progress, false)).isEqualTo(afterContention);
	}

	@ParameterizedTest
	@EnumSource
	void doesNotRerunWhatNobodyObserved(Kind kind) {
		FailedAttempt attempt = new FailedAttempt(false, TransactionOutcome.NOT_BEGUN, false, false, verdict(kind),
				false);
		assertThat(decide(attempt, early(), true)).isEqualTo(CallOutcome.ERROR);
	}

	@ParameterizedTest
	@EnumSource
	void doesNotRepeatAnInnerTransactionOfUnknownOutcome(Kind kind) {
		FailedAttempt attempt = new FailedAttempt(true, TransactionOutcome.ROLLED_BACK, true, false, verdict(kind),
				true);
		assertThat(decide(attempt, early(), true)).isEqualTo(CallOutcome.ERROR);
	}

	@Test
	void reportsTheUnknownOutcomeIfARerunIsNotPossible() {
		FailedAttempt attempt = new FailedAttempt(true, TransactionOutcome.UNKNOWN, true, true,
				verdict(Kind.DISCONNECT), true);
		assertThat(decide(attempt, new CallProgress(5, 0, 0, 1, true, false), true)).isEqualTo(CallOutcome.UNKNOWN);
	}

	@ParameterizedTest
	@EnumSource(names = "OTHER", mode = EnumSource.Mode.EXCLUDE)
	void rerunsForTheConfiguredReasonsOnly(Kind kind) {
		RetryReason reason = RetryReason.of(kind);
		Set<RetryReason> others = EnumSet.allOf(RetryReason.class);
		others.remove(reason);
		assertThat(decide(lost(kind), early(), false, others)).isEqualTo(CallOutcome.ERROR);
		assertThat(decide(lost(kind), early(), false, Set.of(reason))).isInstanceOf(Decision.Rerun.Kind.class);
	}

	@Test
	void endsWaitingWithTheDeadline() {
		FailedAttempt attempt = new FailedAttempt(true, TransactionOutcome.NOT_BEGUN, false, false,
				verdict(Kind.UNAVAILABLE), false);
		long tooShort = RerunDecider.MIN_WAIT.toNanos() - 1;
		assertThat(decide(attempt, new CallProgress(1, 0, 0, tooShort, true, false), false))
			.isEqualTo(CallOutcome.EXHAUSTED);
		assertThat(decide(attempt, new CallProgress(1, 0, RerunDecider.MAX_WAITS, Long.MAX_VALUE, true, false), false))
			.isEqualTo(CallOutcome.EXHAUSTED);
	}

	@Test
	void waitsAtRandomButNotPastTheDeadline() {
		FailedAttempt lost = lost(Kind.DISCONNECT);
		assertThat(delay(lost, 1, Duration.ofMinutes(1), 0.5)).isEqualTo(Duration.ofMillis(25));
		assertThat(delay(lost, 2, Duration.ofMinutes(1), 0.5)).isEqualTo(Duration.ofMillis(50));
		assertThat(delay(lost, 20, Duration.ofMinutes(1), 0.5)).isEqualTo(Duration.ofSeconds(1));
		assertThat(delay(lost, 20, Duration.ofMinutes(1), 0)).isEqualTo(Duration.ZERO);
		assertThat(delay(lost, 20, Duration.ofMillis(100), 1)).isEqualTo(Duration.ofMillis(100));
		assertThat(delay(lost(Kind.DEADLOCK), 1, Duration.ofMinutes(1), 0.5)).isEqualTo(Duration.ofMillis(5));
	}

	/**
	 * Behind a pooler that leads to a standby too, attempts in quick succession would be
	 * used up while a proxy finds out.
	 */
	@Test
	void doesNotHurryWhenAStandbyIsMetTimeAndAgain() {
		FailedAttempt refused = new FailedAttempt(true, TransactionOutcome.ROLLED_BACK, true, false,
				new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION, "read-only"), false);
		Duration minute = Duration.ofMinutes(1);
		assertThat(delay(refused, 1, minute, 0)).isZero();
		assertThat(delay(refused, 2, minute, 0)).isEqualTo(Backoff.PRIMARY_AT_LEAST);
		assertThat(delay(refused, 2, minute, 1)).isEqualTo(Duration.ofSeconds(1));
		assertThat(delay(refused, 4, minute, 1)).isEqualTo(Duration.ofSeconds(2));
		assertThat(delay(refused, 4, Duration.ofMillis(100), 1)).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void leavesTimeForAnotherAttemptWhenAStandbyIsMetTimeAndAgain() {
		FailedAttempt refused = new FailedAttempt(true, TransactionOutcome.ROLLED_BACK, true, false,
				new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION, "read-only"), false);
		assertThat(delay(refused, 2, Duration.ofMillis(400), 0)).isEqualTo(Duration.ofMillis(200));
		assertThat(delay(refused, 2, Duration.ofMillis(999), 0)).isEqualTo(Duration.ofNanos(499_500_000));
	}

	@Test
	void waitsForAServerThatIsReadOnlyForAWhile() {
		FailedAttempt refused = new FailedAttempt(true, TransactionOutcome.ROLLED_BACK, true, false,
				new FailureVerdict(Kind.UNAVAILABLE, Scope.NONE, "read-only"), false);
		long minute = Duration.ofMinutes(1).toNanos();
		assertThat(decide(refused, new CallProgress(5, 0, 100, minute, false, false), false)).isEqualTo(WAIT);
		assertThat(decide(refused, new CallProgress(1, 0, 0, 0, true, false), false)).isEqualTo(CallOutcome.EXHAUSTED);
		assertThat(delay(refused, 1, Duration.ofMinutes(1), 0)).isEqualTo(Backoff.READ_ONLY_AT_LEAST);
		assertThat(delay(refused, 1, Duration.ofMinutes(1), 1)).isEqualTo(Duration.ofSeconds(1));
		assertThat(delay(refused, 1, Duration.ofMillis(300), 0)).isEqualTo(Duration.ofMillis(150));
	}

	@Test
	void waitsForAConnectionForALeastTime() {
		FailedAttempt attempt = new FailedAttempt(true, TransactionOutcome.NOT_BEGUN, false, false,
				verdict(Kind.UNAVAILABLE), false);
		assertThat(delay(attempt, 1, Duration.ofMinutes(1), 0)).isEqualTo(RerunDecider.MIN_WAIT);
	}

	@Test
	void takesTheVerdictOfTheConnectionIfTheExceptionTellsNothing() {
		FailureVerdict disconnect = verdict(Kind.DISCONNECT);
		FailureVerdict deadlock = verdict(Kind.DEADLOCK);
		ClassifiedFailure business = new ClassifiedFailure(FailureVerdict.OTHER, null, false);
		ClassifiedFailure symptom = new ClassifiedFailure(FailureVerdict.OTHER, null, true);
		assertThat(FailedAttempt.verdict(business, disconnect)).isEqualTo(disconnect);
		assertThat(FailedAttempt.verdict(business, deadlock)).isEqualTo(deadlock);
		assertThat(FailedAttempt.verdict(business, verdict(Kind.UNAVAILABLE))).isEqualTo(FailureVerdict.OTHER);
		assertThat(FailedAttempt.verdict(business, null)).isEqualTo(FailureVerdict.OTHER);
		assertThat(FailedAttempt.verdict(symptom, deadlock)).isEqualTo(deadlock);
		assertThat(FailedAttempt.verdict(symptom, null)).isEqualTo(FailureVerdict.OTHER);
	}

	private static FailedAttempt lost(Kind kind) {
		return new FailedAttempt(true, TransactionOutcome.ROLLED_BACK, true, false, verdict(kind), false);
	}

	private static FailureVerdict verdict(Kind kind) {
		return new FailureVerdict(kind, Scope.NONE, "test");
	}

	private static CallProgress early() {
		return new CallProgress(1, 0, 0, Duration.ofSeconds(1).toNanos(), true, false);
	}

	private static Object decide(FailedAttempt attempt, CallProgress progress, boolean rerunIfUnknown) {
		return decide(attempt, progress, rerunIfUnknown, EnumSet.allOf(RetryReason.class));
	}

	private static Object decide(FailedAttempt attempt, CallProgress progress, boolean rerunIfUnknown,
			Set<RetryReason> reasons) {
		Decision decision = new RerunDecider(BACKOFF, reasons, () -> 0.5).decide(attempt, progress,
				settings(5, rerunIfUnknown));
		return (decision instanceof Decision.Rerun rerun) ? rerun.kind() : ((Decision.Fail) decision).outcome();
	}

	private static Duration delay(FailedAttempt attempt, int attempts, Duration remaining, double random) {
		CallProgress progress = new CallProgress(attempts, 0, 0, remaining.toNanos(), true, false);
		Decision decision = new RerunDecider(BACKOFF, EnumSet.allOf(RetryReason.class), () -> random).decide(attempt,
				progress, settings(100, false));
		return ((Decision.Rerun) decision).delay();
	}

	private static CallSettings settings(int maxAttempts, boolean rerunIfUnknown) {
		return new CallSettings(CallName.TEMPLATE, Selection.TEMPLATE, "test", null, maxAttempts,
				Duration.ofSeconds(10), rerunIfUnknown, "");
	}

}
