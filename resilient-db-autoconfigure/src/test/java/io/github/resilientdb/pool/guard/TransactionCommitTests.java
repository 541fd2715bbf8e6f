package io.github.resilientdb.pool.guard;

import java.io.EOFException;
import java.sql.SQLException;
import java.time.Duration;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.commit.CommitOutcome;
import io.github.resilientdb.commit.CommitOutcome.Committed;
import io.github.resilientdb.commit.CommitOutcome.NotCommittedReason;
import io.github.resilientdb.commit.CommitOutcome.UnknownReason;
import io.github.resilientdb.pool.settings.PoolSettings.PrePing;
import io.github.resilientdb.pool.settings.PoolSettings.RequirePrimary;
import io.github.resilientdb.testsupport.CapturedLog;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

// A ledger is confined to its thread
@ExtendWith(CapturedLog.Extension.class)
@Timeout(value = 30, threadMode = ThreadMode.SAME_THREAD)
class TransactionCommitTests {

	private static final SQLException LOST = new SQLException("I/O error", "08006", new EOFException());

	private final FakeCommits commits = new FakeCommits();

	private final AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE);

	private TestRegistry pool = new TestRegistry();

	private GuardedSession session;

	private TransactionCommit commit;

	@AfterEach
	void close() {
		TransactionSynchronizationManager.setActualTransactionActive(false);
		if (AttemptLedger.current() != null) {
			this.ledger.close();
		}
		this.pool.close();
	}

	/**
	 * Begin a transaction on a new connection, and do something in it.
	 */
	private void begin(boolean standby) throws SQLException {
		this.session = this.pool.session(this.commits, standby, Duration.ofMinutes(1), Duration.ofDays(1));
		this.commit = new TransactionCommit(this.session);
		this.session.transaction().autoCommitOff();
		this.session.transaction().executing(this.session.physical().connection());
	}

	private void begin() throws SQLException {
		begin(false);
	}

	private TransactionOutcome outcome() {
		return this.ledger.own().outcome();
	}

	@Test
	void anAnswerProvesThatTheServerLives() throws SQLException {
		begin();
		long before = System.nanoTime();
		this.commit.commit();
		assertThat(outcome()).isEqualTo(TransactionOutcome.COMMITTED);
		assertThat(this.session.proof().provenAt() - before).isNotNegative();
		assertThat(this.session.isLost()).isFalse();
		assertThat(this.pool.told()).isEmpty();
	}

	@Test
	void whatWasFoundCommittedIsCommittedAndTheConnectionLost() throws SQLException {
		begin();
		this.commits.answer(() -> Committed.VERIFIED);
		this.commit.commit();
		assertThat(outcome()).isEqualTo(TransactionOutcome.COMMITTED);
		assertThat(this.session.isLost()).isTrue();
		assertThat(this.pool.told()).startsWith("verified committed", "disconnected COMMIT connection-failure 08003");
	}

	@ParameterizedTest
	@CsvSource({ "08006, true", "57P01, false" })
	void whatWasFoundNotCommittedMayBeDoneAgain(String sqlState, boolean mayHoldLocks) throws SQLException {
		begin();
		SQLException cause = new SQLException("lost", sqlState);
		this.commits.answer(() -> new CommitOutcome.NotCommitted(NotCommittedReason.FENCED, cause));
		assertThatExceptionOfType(TransactionNotCommittedException.class).isThrownBy(this.commit::commit)
			.withCause(cause)
			.withMessageContaining("fenced");
		assertThat(outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
		assertThat(this.session.isLost()).isTrue();
		assertThat(this.pool.told()).contains("verified not_committed");
		assertThat(this.ledger.backends().latest() != null).isEqualTo(mayHoldLocks);
	}

	private void answerThatNobodyKnows() {
		this.commits
			.answer(() -> new CommitOutcome.Unknown(UnknownReason.STILL_IN_PROGRESS, "xid 7", "SELECT status", LOST));
	}

	@Test
	void whatNobodyKnowsIsSaidAgainUntilSomethingElseIsDone() throws SQLException {
		begin();
		answerThatNobodyKnows();
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(SQLException.class).isThrownBy(this.commit::commit).satisfies((ex) -> {
				assertThat(ex.getSQLState()).isEqualTo("08007");
				assertThat(ex.getCause()).isInstanceOfSatisfying(TransactionOutcomeUnknownException.class,
						(unknown) -> {
							assertThat(unknown.getReason()).isEqualTo("still-in-progress");
							assertThat(unknown.getTransaction()).isEqualTo("xid 7");
							assertThat(unknown.getStatement()).isEqualTo("SELECT status");
						});
			});
		}
		assertThat(outcome()).isEqualTo(TransactionOutcome.UNKNOWN);
		assertThat(this.commits.calls()).hasSize(1);
		assertThat(this.pool.told()).contains("verified unknown");
		this.session.transaction().used();
		assertThatExceptionOfType(TransactionNotCommittedException.class).isThrownBy(this.commit::commit);
	}

	@Test
	void inASpringTransactionWhatNobodyKnowsIsUnchecked() throws SQLException {
		begin();
		answerThatNobodyKnows();
		TransactionSynchronizationManager.setActualTransactionActive(true);
		assertThatExceptionOfType(TransactionOutcomeUnknownException.class).isThrownBy(this.commit::commit);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whoIsNotRetryableIsWarnedInTheLogIfVerificationWasAskedFor(boolean verifyAll, CapturedLog log)
			throws SQLException {
		this.pool = new TestRegistry(PrePing.ALWAYS, RequirePrimary.AUTO, verifyAll);
		this.ledger.close();
		begin();
		answerThatNobodyKnows();
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.commit::commit);
		assertThat(this.commits.calls()).containsExactly(verifyAll ? "commit verify" : "commit");
		assertThat(this.pool.told().contains("verified unknown")).isEqualTo(verifyAll);
		assertThat(log.toString().contains("ERROR A transaction of pool bank may or may not have been committed."))
			.isEqualTo(verifyAll);
	}

	@Test
	void theSearchForTheOutcomeEndsWithTheCall() throws SQLException {
		try (AttemptLedger inner = AttemptLedger.open(4711)) {
			assertThat(inner).isNotNull();
			begin();
			this.session.transaction().readOnly(true);
			this.commit.commit();
		}
		assertThat(this.commits.calls()).containsExactly("commit verify read-only by 4711");
	}

	@ParameterizedTest
	@CsvSource({ "dead, 57P01", "closed, ping-failed", "superseded, superseded" })
	void onADeadConnectionCommitIsNotSent(String death, String reason) throws SQLException {
		begin();
		switch (death) {
			case "dead" -> this.session.failed(FakeDatabase.lost());
			case "closed" -> this.session.physical().connection().close();
			default -> this.commits.supersede();
		}
		assertThatExceptionOfType(TransactionNotCommittedException.class).isThrownBy(this.commit::commit)
			.withMessageContaining("before COMMIT was sent");
		assertThat(this.commits.calls()).doesNotContain("commit verify");
		assertThat(this.session.isLost()).isTrue();
		assertThat(this.pool.told()).first().asString().contains(reason);
	}

	@Test
	void aRefusalRollsBackAndLeavesTheConnection() throws SQLException {
		begin();
		SQLException refusal = new SQLException("violates deferred constraint", "23505");
		this.commits.answer(() -> {
			throw refusal;
		});
		assertThatExceptionOfType(SQLException.class).isThrownBy(this.commit::commit).isSameAs(refusal);
		assertThat(outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
		assertThat(this.session.isLost()).isFalse();
	}

	@Test
	void aFailureOfTheDriversLeavesTheOutcomeUnknown() throws SQLException {
		begin();
		this.commits.answer(() -> {
			throw new IllegalStateException("the driver's");
		});
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this.commit::commit);
		assertThat(outcome()).isEqualTo(TransactionOutcome.UNKNOWN);
		assertThat(this.session.life().reason()).isEqualTo("driver-error");
	}

	@ParameterizedTest
	@CsvSource({ "false, false, true", "true, false, false", "false, true, false" })
	void whoHasWrittenNeedsAPrimaryFromThenOn(boolean readOnly, boolean standby, boolean needed) throws SQLException {
		begin(standby);
		this.session.transaction().readOnly(readOnly);
		this.commit.commit();
		assertThat(this.pool.connections().database().primary().isInForce()).isEqualTo(needed);
	}

}
