package io.github.resilientdb.attempt;

import java.sql.SQLException;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AttemptLedger}.
 */
// A ledger is confined to its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class AttemptLedgerTests {

	private static final FailureVerdict DISCONNECT = new FailureVerdict(Kind.DISCONNECT, Scope.SUSPECT, "reset");

	private final Object own = new Object();

	private final Object inner = new Object();

	private final Object connection = new Object();

	private final Object innerConnection = new Object();

	private final AttemptLedger ledger = AttemptLedger.open(0, "Bank.transfer", null);

	@AfterEach
	void close() {
		this.ledger.close();
		assertThat(AttemptLedger.current()).isNull();
	}

	@Test
	void knowsNothingAtFirst() {
		assertThat(this.ledger.own().isObserved()).isFalse();
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.NOT_BEGUN);
	}

	@Test
	void knowsThatATransactionCouldNotBegin() {
		beginning(this.own, "Bank.transfer");
		this.ledger.failed(this.connection, new SQLException(), DISCONNECT);
		this.ledger.transactions().notBegun(this.own);
		assertThat(this.ledger.own().isObserved()).isTrue();
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.NOT_BEGUN);
		assertThat(this.ledger.own().verdict()).isEqualTo(DISCONNECT);
	}

	@Test
	void forgetsAtASavepointWhatTheServerRefusedButNoLoss() {
		begin(this.own, "Bank.transfer");
		this.ledger.began(this.connection);
		FailureVerdict deadlock = new FailureVerdict(FailureVerdict.Kind.DEADLOCK, FailureVerdict.Scope.NONE,
				"deadlock");
		this.ledger.failed(this.connection, new SQLException(), deadlock);
		assertThat(this.ledger.own().verdict()).isEqualTo(deadlock);
		this.ledger.rolledBackToSavepoint(this.connection);
		assertThat(this.ledger.own().verdict()).isNull();
		FailureVerdict lost = new FailureVerdict(FailureVerdict.Kind.DISCONNECT, FailureVerdict.Scope.CONNECTION,
				"eof");
		this.ledger.failed(this.connection, new SQLException(), lost);
		this.ledger.rolledBackToSavepoint(this.connection);
		assertThat(this.ledger.own().verdict()).isEqualTo(lost);
	}

	@Test
	void believesTheConnectionMoreThanTheTransactionManager() {
		begin(this.own, "Bank.transfer");
		this.ledger.began(this.connection);
		this.ledger.transactions().committing(this.own);
		this.ledger.ended(this.connection, TransactionOutcome.UNKNOWN);
		this.ledger.transactions().ended(this.own, TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.UNKNOWN);
		assertThat(this.ledger.own().isGuarded()).isTrue();
		assertThat(this.ledger.own().isCommitting()).isTrue();
	}

	@Test
	void believesTheTransactionManagerWithoutAGuardedConnection() {
		begin(this.own, "Bank.transfer");
		this.ledger.transactions().ended(this.own, TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().isGuarded()).isFalse();
	}

	@Test
	void staysWithWhatWasAnnouncedAsCommitted() {
		begin(this.own, "Bank.transfer");
		this.ledger.began(this.connection);
		this.ledger.ended(this.connection, TransactionOutcome.COMMITTED);
		this.ledger.ended(this.connection, TransactionOutcome.ROLLED_BACK);
		this.ledger.transactions().ended(this.own, TransactionOutcome.COMMITTED);
		this.ledger.ended(this.connection, TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
	}

	@Test
	void doesNotKnowWhatBecameOfATransactionWhoseEndNobodyTold() {
		begin(this.own, "Bank.transfer");
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.UNKNOWN);
		this.ledger.began(this.connection);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.UNKNOWN);
		assertThat(this.ledger.own().isGuarded()).isFalse();
	}

	@Test
	void separatesInnerTransactions() {
		begin(this.own, "Bank.transfer");
		this.ledger.began(this.connection);
		begin(this.inner, "Audit.record");
		this.ledger.began(this.innerConnection);
		this.ledger.failed(this.innerConnection, new SQLException(), DISCONNECT);
		this.ledger.ended(this.innerConnection, TransactionOutcome.COMMITTED);
		this.ledger.transactions().ended(this.inner, TransactionOutcome.COMMITTED);
		this.ledger.transactions().ended(this.own, TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.ACTIVE);
		assertThat(this.ledger.own().verdict()).isNull();
		assertThat(this.ledger.connectionLost()).isTrue();
		assertThat(this.ledger.transactions().independentWork().values()).containsExactly(1);
	}

	@Test
	void countsInnerTransactionsOfWhichNobodyKnowsTheOutcome() {
		begin(this.own, "Bank.transfer");
		begin(this.inner, "Audit.record");
		this.ledger.began(this.innerConnection);
		this.ledger.ended(this.innerConnection, TransactionOutcome.UNKNOWN);
		this.ledger.transactions().ended(this.inner, TransactionOutcome.UNKNOWN);
		assertThat(this.ledger.transactions().independentWork()).containsOnlyKeys("Audit.record (outcome unknown)");
	}

	@Test
	void hearsOfItsOwnEndThoughAnInnerOneWasNeverTold() {
		begin(this.own, "Bank.transfer");
		this.ledger.began(this.connection);
		begin(this.inner, "Audit.record");
		this.ledger.began(this.innerConnection);
		this.ledger.ended(this.connection, TransactionOutcome.COMMITTED);
		this.ledger.transactions().ended(this.own, TransactionOutcome.COMMITTED);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
	}

	@Test
	void ignoresConnectionsOutsideOfTheTransaction() {
		begin(this.own, "Bank.transfer");
		this.ledger.began(this.connection);
		this.ledger.began(this.innerConnection);
		this.ledger.failed(this.innerConnection, new SQLException(), DISCONNECT);
		this.ledger.ended(this.innerConnection, TransactionOutcome.COMMITTED);
		this.ledger.transactions().ended(this.own, TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.ACTIVE);
		assertThat(this.ledger.own().failure()).isNull();
	}

	@Test
	void hearsOfTransactionsWithoutAListener() {
		this.ledger.began(this.connection);
		this.ledger.ended(this.connection, TransactionOutcome.ROLLED_BACK);
		this.ledger.began(this.connection);
		this.ledger.ended(this.connection, TransactionOutcome.COMMITTED);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
		assertThat(this.ledger.own().isGuarded()).isTrue();
	}

	@Test
	void keepsTheFirstTellingFailure() {
		SQLException duplicate = new SQLException("duplicate", "23505");
		SQLException lost = new SQLException("lost", "57P01");
		begin(this.own, "Bank.transfer");
		this.ledger.began(this.connection);
		this.ledger.failed(this.connection, duplicate, FailureVerdict.OTHER);
		assertThat(this.ledger.own().failure()).isSameAs(duplicate);
		this.ledger.failed(this.connection, lost, DISCONNECT);
		this.ledger.failed(this.connection, new SQLException("closed"), DISCONNECT);
		assertThat(this.ledger.own().failure()).isSameAs(lost);
	}

	@Test
	void doesNotBlameAFailureOfTheRollback() {
		begin(this.own, "Bank.transfer");
		this.ledger.began(this.connection);
		this.ledger.transactions().rollingBack(this.own);
		this.ledger.failed(this.connection, new SQLException(), DISCONNECT);
		assertThat(this.ledger.own().failure()).isNull();
		assertThat(this.ledger.connectionLost()).isTrue();
	}

	@Test
	void stacks() {
		try (AttemptLedger nested = AttemptLedger.open(10)) {
			assertThat(AttemptLedger.current()).isSameAs(nested);
			assertThat(nested.deadline()).isZero();
			nested.transactions().beginning(this.inner, "", false);
			nested.transactions().begun(this.inner);
			nested.transactions().ended(this.inner, TransactionOutcome.COMMITTED);
		}
		assertThat(AttemptLedger.current()).isSameAs(this.ledger);
		assertThat(this.ledger.transactions().independentWork().values()).containsExactly(1);
		assertThat(this.ledger.own().isObserved()).isFalse();
	}

	private void beginning(Object execution, String name) {
		this.ledger.transactions().beginning(execution, name, false);
	}

	@Test
	void whatWasAbandonedLimitsLockWaitsOfRerunsAndInnerCalls() {
		this.ledger.backends().abandon();
		try (AttemptLedger rerun = AttemptLedger.open(0, null, this.ledger.backends().latest())) {
			assertThat(rerun.backends().mustLimitLockWaits()).isTrue();
		}
		try (AttemptLedger innerCall = AttemptLedger.open(0)) {
			assertThat(innerCall.backends().mustLimitLockWaits()).isTrue();
		}
	}

	@Test
	void anInnerCallLeavesWhatItAbandonedToTheOuterOne() {
		SQLException failure = new SQLException("canceling statement due to lock timeout", "55P03");
		try (AttemptLedger innerCall = AttemptLedger.open(0)) {
			innerCall.backends().abandon();
			innerCall.backends().lockWaitEnded(failure);
		}
		assertThat(this.ledger.backends().hasAbandoned()).isTrue();
		assertThat(this.ledger.backends().endedLockWait()).isSameAs(failure);
		this.ledger.rolledBackToSavepoint(this.connection);
		assertThat(this.ledger.backends().endedLockWait()).isNull();
	}

	private void begin(Object execution, String name) {
		beginning(execution, name);
		this.ledger.transactions().begun(execution);
	}

}
