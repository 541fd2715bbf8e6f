package io.github.resilientdb.attempt;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link AttemptTransactions}.
 */
class AttemptTransactionsTests {

	private final Object own = new Object();

	private final Object inner = new Object();

	private final Object connection = new Object();

	private final SQLException failure = new SQLException("deferred constraint", "23503");

	private final AttemptTransactions transactions = new AttemptTransactions("Bank.transfer");

	@Test
	void tellsTransactionsBeforeAndAfterFromItsOwn() {
		run(this.inner, "Security.check", TransactionOutcome.COMMITTED);
		run(this.own, "Bank.transfer", TransactionOutcome.ROLLED_BACK);
		run(this.inner, "Audit.record", TransactionOutcome.COMMITTED);
		assertThat(this.transactions.own().outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
		assertThat(this.transactions.independentWork()).containsOnly(entry("Security.check", 1),
				entry("Audit.record", 1));
	}

	@Test
	void takesTheWorstOfThoseWithItsName() {
		run(this.own, "Bank.transfer", TransactionOutcome.COMMITTED);
		run(this.own, "Bank.transfer", TransactionOutcome.ROLLED_BACK);
		assertThat(this.transactions.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
	}

	@Test
	void takesTheWorstOfAllIfNoneHasItsName() {
		run(this.inner, "first", TransactionOutcome.COMMITTED);
		run(this.inner, "second", TransactionOutcome.ROLLED_BACK);
		assertThat(this.transactions.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
	}

	@Test
	void takesTheWorstOfAllIfNoNameIsExpected() {
		AttemptTransactions unnamed = new AttemptTransactions(null);
		unnamed.beginning(this.own, "Bank.transfer", false);
		unnamed.begun(this.own);
		unnamed.ended(this.own, TransactionOutcome.UNKNOWN);
		unnamed.beginning(this.inner, "Audit.record", false);
		unnamed.begun(this.inner);
		unnamed.ended(this.inner, TransactionOutcome.ROLLED_BACK);
		assertThat(unnamed.own().outcome()).isEqualTo(TransactionOutcome.UNKNOWN);
		assertThat(unnamed.independentWork()).isEmpty();
	}

	@Test
	void doesNotTakeAnInnerOneForItsOwnThoughItHasTheName() {
		begin(this.own, "Bank.transfer");
		run(this.inner, "Bank.transfer", TransactionOutcome.COMMITTED);
		this.transactions.ended(this.own, TransactionOutcome.ROLLED_BACK);
		assertThat(this.transactions.own().outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
		assertThat(this.transactions.independentWork()).containsExactly(entry("Bank.transfer", 1));
	}

	@Test
	void doesNotCountInnerTransactionsThatOnlyRead() {
		begin(this.own, "Bank.transfer");
		this.transactions.beginning(this.inner, "Audit.read", true);
		this.transactions.begun(this.inner);
		this.transactions.ended(this.inner, TransactionOutcome.COMMITTED);
		assertThat(this.transactions.independentWork()).isEmpty();
	}

	@Test
	void countsInnerTransactionsBySum() {
		begin(this.own, "Bank.transfer");
		run(this.inner, "Audit.record", TransactionOutcome.COMMITTED);
		run(this.inner, "Audit.record", TransactionOutcome.UNKNOWN);
		run(this.inner, "Audit.record", TransactionOutcome.ROLLED_BACK);
		run(this.inner, "Audit.record", TransactionOutcome.COMMITTED);
		assertThat(this.transactions.independentWork()).containsOnly(entry("Audit.record", 2),
				entry("Audit.record (outcome unknown)", 1));
	}

	@Test
	void whatReadsTheIndependentWorkDoesNotAddToIt() {
		run(this.inner, "Security.check", TransactionOutcome.COMMITTED);
		run(this.own, "Bank.transfer", TransactionOutcome.ROLLED_BACK);
		assertThat(this.transactions.independentWork()).containsExactly(entry("Security.check", 1));
		assertThat(this.transactions.independentWork()).containsExactly(entry("Security.check", 1));
	}

	@Test
	void returnsToTheOuterOneIfAnInnerOneCouldNotBegin() {
		begin(this.own, "Bank.transfer");
		TransactionRecord outer = this.transactions.active();
		this.transactions.beginning(this.inner, "Audit.record", false);
		this.transactions.notBegun(this.inner);
		assertThat(this.transactions.active()).isSameAs(outer);
		this.transactions.ended(this.own, TransactionOutcome.COMMITTED);
		assertThat(this.transactions.active()).isNull();
		assertThat(this.transactions.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
	}

	@Test
	void endOfTheOuterOneEndsInnerOnesOfWhichNobodyTold() {
		begin(this.own, "Bank.transfer");
		begin(this.inner, "Audit.record");
		this.transactions.ended(this.own, TransactionOutcome.COMMITTED);
		assertThat(this.transactions.active()).isNull();
		assertThat(this.transactions.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
	}

	@Test
	void hearsNothingOfTransactionsThatItDoesNotKnow() {
		begin(this.own, "Bank.transfer");
		TransactionRecord active = this.transactions.active();
		this.transactions.begun(this.inner);
		this.transactions.committing(this.inner);
		this.transactions.rollingBack(this.inner);
		this.transactions.notBegun(this.inner);
		this.transactions.ended(this.inner, TransactionOutcome.COMMITTED);
		assertThat(this.transactions.active()).isSameAs(active);
		this.transactions.commitFailed(this.failure);
		assertThat((Throwable) this.transactions.commitFailure()).isNull();
		assertThat(this.transactions.independentWork()).isEmpty();
	}

	@Test
	void expectsItsOwnOnlyOutsideOfAnyOtherAndByItsName() {
		assertThat(this.transactions.expects("Bank.transfer")).isTrue();
		assertThat(this.transactions.expects("Audit.record")).isFalse();
		assertThat(new AttemptTransactions(null).expects("Audit.record")).isTrue();
		begin(this.inner, "Security.check");
		assertThat(this.transactions.expects("Bank.transfer")).isFalse();
		this.transactions.ended(this.inner, TransactionOutcome.COMMITTED);
		assertThat(this.transactions.expects("Bank.transfer")).isTrue();
	}

	@Test
	void knowsWhyItsCommitFailed() {
		begin(this.own, "Bank.transfer");
		this.transactions.committing(this.own);
		this.transactions.commitFailed(this.failure);
		// by the clean-up
		this.transactions.commitFailed(new SQLException("connection is closed", "08003"));
		this.transactions.ended(this.own, TransactionOutcome.UNKNOWN);
		assertThat((Throwable) this.transactions.commitFailure()).isSameAs(this.failure);
	}

	@Test
	void doesNotTakeAFailureBeforeTheCommitForOne() {
		begin(this.own, "Bank.transfer");
		this.transactions.commitFailed(this.failure);
		assertThat((Throwable) this.transactions.commitFailure()).isNull();
	}

	@Test
	void doesNotBlameItsOwnCommitOnThatOfAnInnerOne() {
		begin(this.own, "Bank.transfer");
		begin(this.inner, "Audit.record");
		this.transactions.committing(this.inner);
		this.transactions.commitFailed(this.failure);
		this.transactions.ended(this.inner, TransactionOutcome.UNKNOWN);
		this.transactions.committing(this.own);
		this.transactions.ended(this.own, TransactionOutcome.COMMITTED);
		assertThat((Throwable) this.transactions.commitFailure()).isNull();
	}

	@Test
	void findsTheTransactionOfAConnectionThroughInnerOnes() {
		begin(this.own, "Bank.transfer");
		TransactionRecord outer = this.transactions.activeOrUnmanaged();
		outer.beganOn(this.connection);
		begin(this.inner, "Audit.record");
		assertThat(this.transactions.activeOn(this.connection)).isSameAs(outer);
		assertThat(this.transactions.activeOn(new Object())).isNull();
	}

	@Test
	void findsNoEndedTransactionOfAConnectionButKnowsIt() {
		TransactionRecord unmanaged = this.transactions.activeOrUnmanaged();
		unmanaged.beganOn(this.connection);
		assertThat(this.transactions.activeOn(this.connection)).isSameAs(unmanaged);
		unmanaged.endedOnConnection(TransactionOutcome.COMMITTED);
		assertThat(this.transactions.activeOn(this.connection)).isNull();
		assertThat(this.transactions.isKnown(this.connection)).isTrue();
		assertThat(this.transactions.isKnown(new Object())).isFalse();
		assertThat(this.transactions.activeOrUnmanaged()).isNotSameAs(unmanaged);
	}

	@Test
	void addsWhatAnInnerCallHasDoneForGood() {
		begin(this.own, "Bank.transfer");
		AttemptTransactions call = new AttemptTransactions("Audit.record");
		call.beginning(this.inner, "Audit.prepare", false);
		call.begun(this.inner);
		call.ended(this.inner, TransactionOutcome.COMMITTED);
		call.beginning(this.inner, "Audit.record", false);
		call.begun(this.inner);
		call.ended(this.inner, TransactionOutcome.COMMITTED);
		call.addIndependentWork(IndependentWork.AUTO_COMMIT);
		this.transactions.addAll(call);
		assertThat(this.transactions.independentWork()).containsOnly(entry("Audit.prepare", 1),
				entry("Audit.record", 1), entry(IndependentWork.AUTO_COMMIT, 1));
	}

	@Test
	void addsNothingOfAnInnerCallThatWasRolledBack() {
		AttemptTransactions call = new AttemptTransactions(null);
		call.beginning(this.inner, "Audit.record", false);
		call.begun(this.inner);
		call.ended(this.inner, TransactionOutcome.ROLLED_BACK);
		this.transactions.addAll(call);
		assertThat(this.transactions.independentWork()).isEmpty();
	}

	private void begin(Object execution, String name) {
		this.transactions.beginning(execution, name, false);
		this.transactions.begun(execution);
	}

	private void run(Object execution, String name, TransactionOutcome outcome) {
		begin(execution, name);
		this.transactions.ended(execution, outcome);
	}

}
