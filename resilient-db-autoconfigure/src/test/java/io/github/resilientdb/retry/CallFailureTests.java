package io.github.resilientdb.retry;

import java.sql.SQLException;

import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallFailure}.
 */
class CallFailureTests {

	private final SQLException origin = new SQLException("terminating connection", "57P01");

	private final RuntimeException thrown = new TransactionSystemException("rollback failed");

	@Test
	void isWhatWasThrownWithItsOrigin() {
		assertThat(new CallFailure(this.thrown, null, false).conclude()).isSameAs(this.thrown).hasNoCause();
		assertThat(new CallFailure(this.thrown, this.origin, false).conclude()).isSameAs(this.thrown)
			.hasCause(this.origin);
	}

	@Test
	void isTheReportOfAnUnknownOutcome() {
		TransactionOutcomeUnknownException report = new TransactionOutcomeUnknownException("nobody knows", null, null,
				this.origin);
		assertThat(new CallFailure(new IllegalStateException(report), null, true).conclude()).isSameAs(report);
	}

	@Test
	void reportsAnUnknownOutcomeThatNobodyReported() {
		assertThat(new CallFailure(this.thrown, this.origin, true).conclude())
			.isInstanceOf(TransactionOutcomeUnknownException.class)
			.hasCause(this.thrown)
			.hasRootCause(this.origin);
	}

	@Test
	void isTheRefusalOfARerun() {
		InvalidDataAccessApiUsageException refusal = new InvalidDataAccessApiUsageException("can't be put back");
		assertThat(new CallFailure(this.thrown, this.origin, false).refused(refusal).conclude()).isSameAs(refusal)
			.hasCause(this.thrown)
			.hasRootCause(this.origin);
	}

	@Test
	void leavesARefusalTheCauseThatItHas() {
		RuntimeException cause = new DataAccessResourceFailureException("its own", this.origin);
		InvalidDataAccessApiUsageException refusal = new InvalidDataAccessApiUsageException("can't be put back", cause);
		assertThat(new CallFailure(this.thrown, this.origin, false).refused(refusal).conclude()).hasCause(cause);
	}

	@Test
	void saysThatItWasInterrupted() {
		assertThat(new CallFailure(this.thrown, this.origin, false).interrupted("Bank.transfer").conclude())
			.isInstanceOf(CannotCreateTransactionException.class)
			.hasMessage("Interrupted while waiting to rerun Bank.transfer")
			.hasCause(this.thrown)
			.hasRootCause(this.origin);
	}

	@Test
	void reportsAnUnknownOutcomeThoughItWasInterrupted() {
		assertThat(new CallFailure(this.thrown, this.origin, true).interrupted("Bank.transfer").conclude())
			.isInstanceOf(TransactionOutcomeUnknownException.class)
			.hasCause(this.thrown);
	}

}
