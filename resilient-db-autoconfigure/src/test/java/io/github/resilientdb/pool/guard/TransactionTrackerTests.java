package io.github.resilientdb.pool.guard;

import java.sql.Connection;
import java.sql.SQLException;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.pool.guard.CommitStatement.Place;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

// A ledger is confined to its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class TransactionTrackerTests {

	private final Connection physical = new FakeDatabase().getConnection();

	private final AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE);

	private final FakeCommits commits = new FakeCommits();

	private final TransactionTracker transaction = new TransactionTracker("connection", this.commits, true);

	@AfterEach
	void close() {
		this.ledger.close();
	}

	@Test
	void tellsTheAttemptOfItsBeginAndItsEnd() throws SQLException {
		this.transaction.autoCommitOff();
		this.transaction.executing(this.physical);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.ACTIVE);
		this.transaction.ended(TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
	}

	@Test
	void tellsNothingOfStatementsWithoutATransaction() throws SQLException {
		this.transaction.began();
		this.transaction.executing(this.physical);
		assertThat(this.ledger.own().isObserved()).isFalse();
	}

	@Test
	void aStatementThatCommitsEndsTheTransaction() throws SQLException {
		this.transaction.autoCommitOff();
		this.transaction.executing(this.physical);
		this.transaction.executed(Place.NONE);
		assertThat(this.transaction.mayHaveToCommit(false, false)).isTrue();
		this.transaction.executed(Place.LAST);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
		assertThat(this.transaction.mayHaveToCommit(false, false)).isFalse();
	}

	@Test
	void whatFollowsAStatementThatCommitsIsWorkAgain() throws SQLException {
		this.transaction.autoCommitOff();
		this.transaction.executing(this.physical);
		this.transaction.executed(Place.FOLLOWED);
		assertThat(this.transaction.mayHaveToCommit(true, true)).isTrue();
	}

	@Test
	void whoHasTheDriversConnectionMayHaveUsedItUnlessItIsLost() {
		this.transaction.autoCommitOff();
		this.transaction.driverExposed();
		this.transaction.ended(TransactionOutcome.COMMITTED);
		assertThat(this.transaction.mayHaveToCommit(false, false)).isTrue();
		assertThat(this.transaction.mayHaveToCommit(true, true)).isFalse();
		assertThat(this.transaction.takeDriverExposed()).isTrue();
		assertThat(this.transaction.takeDriverExposed()).isFalse();
		assertThat(this.transaction.mayHaveToCommit(false, false)).isFalse();
	}

	@Test
	void whoHasTheDriversConnectionMayHaveCommittedOnIt() throws SQLException {
		this.transaction.autoCommitOff();
		this.transaction.driverExposed();
		this.transaction.executing(this.physical);
		this.commits.transactionIsOver();
		this.transaction.executing(this.physical);
		this.transaction.ended(TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
	}

	@Test
	void whoOnlyLooksAtTheDriversConnectionHasCommittedNothing() throws SQLException {
		this.transaction.autoCommitOff();
		this.transaction.driverExposed();
		this.commits.transactionIsOver();
		this.transaction.executing(this.physical);
		this.transaction.ended(TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
	}

	@Test
	void staysInDoubtUntilSomethingElseIsDone() {
		TransactionOutcomeUnknownException exception = new TransactionOutcomeUnknownException("lost", null, null,
				new SQLException());
		this.transaction.autoCommitOff();
		this.transaction.used();
		this.transaction.ended(TransactionOutcome.UNKNOWN);
		this.transaction.leftInDoubt(exception);
		assertThat(this.transaction.inDoubt()).isSameAs(exception);
		this.transaction.autoCommitOn();
		assertThat(this.transaction.inDoubt()).isSameAs(exception);
		this.transaction.autoCommitOff();
		this.transaction.used();
		assertThat(this.transaction.inDoubt()).isNull();
	}

	@Test
	void tellsTheAttemptOfALoss() throws SQLException {
		this.transaction.autoCommitOff();
		this.transaction.executing(this.physical);
		SQLException failure = FakeDatabase.lost();
		this.transaction.failed(failure, new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION, "admin-shutdown"));
		assertThat(this.ledger.own().loss()).isSameAs(failure);
	}

}
