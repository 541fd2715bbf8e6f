package io.github.resilientdb.disconnect;

import java.sql.BatchUpdateException;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import org.springframework.transaction.TransactionSystemException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FailureChain}.
 */
class FailureChainTests {

	@Test
	void hasTheNearestFirst() {
		Exception deepest = new IllegalStateException("deepest");
		SQLException next = new SQLException("next", deepest);
		Exception cause = new IllegalStateException("cause");
		BatchUpdateException failure = new BatchUpdateException("batch", new int[0]);
		failure.setNextException(next);
		failure.initCause(cause);
		assertThat(FailureChain.of(failure)).containsExactly(failure, next, cause, deepest);
	}

	@Test
	void hasWhatTheFailureOfARollbackReplacedBeforeIt() {
		SQLException closed = new SQLException("closed");
		Exception business = new IllegalStateException("lost");
		TransactionSystemException failure = new TransactionSystemException("JDBC rollback failed", closed);
		failure.initApplicationException(business);
		assertThat(FailureChain.of(failure)).containsExactly(failure, business, closed);
	}

	@Test
	void hasEachOnce() {
		SQLException failure = new SQLException("one");
		SQLException other = new SQLException("two", failure);
		failure.setNextException(other);
		failure.initCause(other);
		assertThat(FailureChain.of(failure)).containsExactly(failure, other);
	}

	@Test
	void tellsEqualExceptionsApart() {
		Exception cause = new Equal(null);
		Exception failure = new Equal(cause);
		assertThat(FailureChain.of(failure)).hasSize(2);
	}

	@Test
	void findsTheCauseBesideManyNextExceptions() {
		Exception cause = new IllegalStateException("cause");
		SQLException failure = new SQLException("first", cause);
		for (int i = 0; i < 10_000; i++) {
			failure.setNextException(new SQLException("row " + i));
		}
		assertThat(FailureChain.of(failure)).contains(cause).hasSizeLessThan(100);
	}

	@Test
	void endsInAVeryLongChain() {
		Throwable failure = new SQLException("lost", "57P01");
		for (int i = 0; i < 10_000; i++) {
			failure = new IllegalStateException("wrapped", failure);
		}
		assertThat(FailureChain.of(failure)).first().isSameAs(failure);
		assertThat(FailureChain.of(failure)).hasSizeLessThan(100);
	}

	@Test
	void hasWhatWasSuppressedApartWithWhatIsBehindIt() {
		Exception behind = new IllegalStateException("behind");
		Exception suppressed = new IllegalStateException("suppressed", behind);
		Exception cause = new IllegalStateException("cause");
		cause.addSuppressed(suppressed);
		Exception failure = new IllegalStateException("failure", cause);
		FailureChain chain = FailureChain.of(failure);
		assertThat(chain).containsExactly(failure, cause);
		assertThat(chain.suppressed()).containsExactly(suppressed, behind);
		assertThat(chain.suppressed().suppressed()).isEmpty();
	}

	@Test
	void doesNotSuppressWhatIsInTheChainItself() {
		Exception cause = new IllegalStateException("cause");
		Exception failure = new IllegalStateException("failure", cause);
		failure.addSuppressed(cause);
		assertThat(FailureChain.of(failure).suppressed()).isEmpty();
	}

	private static final class Equal extends Exception {

		private static final long serialVersionUID = 1L;

		Equal(Throwable cause) {
			super("equal", cause);
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Equal;
		}

		@Override
		public int hashCode() {
			return 1;
		}

	}

}
