package io.github.resilientdb.retry;

import java.io.EOFException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureHistory}.
 */
class FailureHistoryTests {

	private final SQLException origin = new SQLException("terminating connection", "57P01");

	@Test
	void addsEarlierFailuresOnce() {
		RuntimeException first = new IllegalStateException("first");
		RuntimeException second = new IllegalStateException("second", first);
		RuntimeException last = new TransactionSystemException("last");
		FailureHistory history = FailureHistory.NONE.with(first).with(first).with(second).with(last);
		assertThat(history.conclude(last)).isSameAs(last);
		assertThat(last.getSuppressed()).containsExactly(first, second);
		assertThat(history.conclude(last).getSuppressed()).hasSize(2);
	}

	@Test
	void makesNoCycle() {
		RuntimeException last = new TransactionSystemException("last");
		FailureHistory history = FailureHistory.NONE.with(new IllegalStateException("wraps the last", last));
		assertThat(history.conclude(last).getSuppressed()).isEmpty();
	}

	@Test
	void keepsTheFirstAndTheLastOfMany() {
		FailureHistory history = FailureHistory.NONE;
		for (int i = 0; i < 1000; i++) {
			history = history.with(new IllegalStateException(String.valueOf(i)));
		}
		Throwable[] suppressed = history.conclude(new TransactionSystemException("")).getSuppressed();
		assertThat(suppressed).hasSize(10);
		assertThat(suppressed[0]).hasMessage("0");
		assertThat(suppressed[9]).hasMessage("999");
	}

	@Test
	void leavesAnExceptionThatHasItsOrigin() {
		RuntimeException thrown = new IllegalStateException(this.origin);
		assertThat(FailureHistory.withOrigin(thrown, this.origin)).isSameAs(thrown);
		assertThat((Throwable) this.origin).hasNoCause();
	}

	@Test
	void addsTheOriginBelowTheLastCause() {
		RuntimeException thrown = new TransactionSystemException("rollback", new SQLException("Connection is closed"));
		assertThat(FailureHistory.withOrigin(thrown, this.origin)).isSameAs(thrown).hasRootCause(this.origin);
	}

	@Test
	void wrapsAnExceptionThatTakesNoCause() {
		UnexpectedRollbackException thrown = new UnexpectedRollbackException("rolled back", null);
		assertThat(FailureHistory.withOrigin(thrown, this.origin)).isInstanceOf(TransactionSystemException.class)
			.hasMessage("rolled back")
			.hasCause(this.origin)
			.hasSuppressedException(thrown);
	}

	@Test
	void addsNothingToAnExceptionThatMayBeShared() {
		FailureHistory history = FailureHistory.NONE.with(new IllegalStateException("first"));
		RuntimeException shared = new IllegalStateException("no money");
		RuntimeException wrapper = new IllegalStateException(shared);
		assertThat(FailureHistory.withOrigin(shared, this.origin)).isSameAs(shared);
		assertThat(FailureHistory.withOrigin(wrapper, this.origin)).isSameAs(wrapper);
		assertThat(history.conclude(shared)).isSameAs(shared).hasNoCause().hasNoSuppressedExceptions();
	}

	@Test
	void marksALossThatMayBeTakenForThatOfAWebClient() {
		RuntimeException thrown = new UnexpectedRollbackException("rolled back");
		SQLException lost = new SQLException("An I/O error occurred", "08006", new EOFException());
		assertThat(FailureHistory.withOrigin(thrown, lost)).isSameAs(thrown);
		assertThat(thrown.getCause()).isInstanceOf(DataAccessResourceFailureException.class).hasCause(lost);
	}

	@Test
	void doesNotCloseACycleOfCauses() {
		SQLException thrown = new SQLException("Connection is closed");
		this.origin.initCause(thrown);
		assertThat(FailureHistory.withOrigin(thrown, this.origin)).isSameAs(thrown).hasNoCause();
	}

}
