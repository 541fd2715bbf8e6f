package io.github.resilientdb.retry;

import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;

import io.github.resilientdb.FailureVerdict;
import io.github.resilientdb.FailureVerdict.Kind;
import io.github.resilientdb.FailureVerdict.Scope;
import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import io.github.resilientdb.disconnect.ClassifiedFailure;
import io.github.resilientdb.disconnect.FailureClassifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.UncategorizedSQLException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailedAttempt}: what a write that was refused means.
 */
// A ledger is confined to its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class FailedAttemptTests {

	private static final FailureVerdict NOT_PRIMARY = new FailureVerdict(Kind.DISCONNECT, Scope.CONNECTION,
			"read-only");

	private static final FailureVerdict READ_ONLY = new FailureVerdict(Kind.OTHER, Scope.NONE, "read-only");

	private final FailureClassifier classifier = new FailureClassifier(List::of);

	private final Object own = new Object();

	private final Object inner = new Object();

	private final Object connection = new Object();

	private final Object innerConnection = new Object();

	private final SQLException refused = refused();

	private final AttemptLedger ledger = AttemptLedger.open(0, "Bank.transfer", null);

	@BeforeEach
	void begin() {
		begin(this.ledger, this.own, "Bank.transfer", this.connection);
	}

	@AfterEach
	void close() {
		this.ledger.close();
	}

	@Test
	void aRefusedWriteOfTheAttemptIsALoss() {
		this.ledger.failed(this.connection, this.refused, NOT_PRIMARY);
		assertThat(verdict(this.refused)).isEqualTo(NOT_PRIMARY);
	}

	@Test
	void aRefusedWriteOfAnInnerTransactionIsALoss() {
		refuse(this.ledger);
		assertThat(verdict(this.refused)).isEqualTo(NOT_PRIMARY);
	}

	@Test
	void aRefusedWriteOfNoTransactionIsALoss() {
		this.ledger.failed(this.innerConnection, this.refused, NOT_PRIMARY);
		assertThat(verdict(this.refused)).isEqualTo(NOT_PRIMARY);
	}

	@Test
	void aRefusedWriteOfAnInnerCallIsALoss() {
		try (AttemptLedger innerCall = AttemptLedger.open(0)) {
			refuse(innerCall);
		}
		assertThat(verdict(this.refused)).isEqualTo(NOT_PRIMARY);
	}

	@Test
	void aRefusedBatchIsALossWhicheverOfItsExceptionsIsThrown() {
		BatchUpdateException batch = new BatchUpdateException("batch", "25006", 0, new int[0], this.refused);
		batch.setNextException(this.refused);
		this.ledger.failed(this.innerConnection, batch, NOT_PRIMARY);
		assertThat(verdict(batch)).isEqualTo(NOT_PRIMARY);
		assertThat(verdict(this.refused)).isEqualTo(NOT_PRIMARY);
	}

	@Test
	void aWriteThatAReadOnlyServerRefusedMayPassButIsNoLoss() {
		FailureVerdict refusal = new FailureVerdict(Kind.UNAVAILABLE, Scope.NONE, "read-only");
		begin(this.ledger, this.inner, "Bank.log", this.innerConnection);
		this.ledger.failed(this.innerConnection, this.refused, refusal);
		this.ledger.ended(this.innerConnection, TransactionOutcome.ROLLED_BACK);
		this.ledger.transactions().ended(this.inner, TransactionOutcome.ROLLED_BACK);
		assertThat(verdict(this.refused)).isEqualTo(refusal);
		assertThat(this.ledger.connectionLost()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "read-only, true", "pool-exhausted, false" })
	void whatTheServerRefusedAndTheMethodCaughtIsWhatFailed(String reason, boolean counts) {
		FailureVerdict refusal = new FailureVerdict(Kind.UNAVAILABLE, Scope.NONE, reason);
		this.ledger.failed(this.connection, this.refused, refusal);
		this.ledger.transactions().ended(this.own, TransactionOutcome.ROLLED_BACK);
		ClassifiedFailure thrown = this.classifier.classify(new IllegalStateException("something else"));
		assertThat(FailedAttempt.of(this.ledger, thrown, null).verdict().equals(refusal)).isEqualTo(counts);
	}

	@Test
	void aWriteInATransactionThatWasDeclaredReadOnlyIsNoLoss() {
		refuse(this.ledger);
		assertThat(verdict(refused())).isEqualTo(READ_ONLY);
	}

	private void refuse(AttemptLedger ledger) {
		begin(ledger, this.inner, "Bank.log", this.innerConnection);
		ledger.failed(this.innerConnection, this.refused, NOT_PRIMARY);
		ledger.ended(this.innerConnection, TransactionOutcome.ROLLED_BACK);
		ledger.transactions().ended(this.inner, TransactionOutcome.ROLLED_BACK);
	}

	private FailureVerdict verdict(SQLException failure) {
		this.ledger.transactions().ended(this.own, TransactionOutcome.ROLLED_BACK);
		UncategorizedSQLException thrown = new UncategorizedSQLException("insert", null, failure);
		return FailedAttempt.of(this.ledger, this.classifier.classify(thrown), null).verdict();
	}

	private static void begin(AttemptLedger ledger, Object transaction, String name, Object connection) {
		ledger.transactions().beginning(transaction, name, false);
		ledger.transactions().begun(transaction);
		ledger.began(connection);
	}

	private static SQLException refused() {
		return new SQLException("cannot execute INSERT in a read-only transaction", "25006");
	}

}
