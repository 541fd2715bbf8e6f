package io.github.resilientdb.pool;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CheckoutFailureTests {

	private static final long WAITED = TimeUnit.MILLISECONDS.toNanos(250);

	private static final SQLException REFUSED = new SQLException("connection refused", "08001");

	@Test
	void anExhaustedPoolHasNoCause() {
		SQLException failure = new CheckoutFailure("p", 2, 2, 2, 3).toException(WAITED, REFUSED, 0);
		assertThat((Throwable) failure)
			.hasMessage("p - no connection within 250 ms, 2 of 2 are in use, 3 threads are waiting")
			.hasNoCause();
		assertThat(failure.getSQLState()).isNull();
	}

	@Test
	void aPoolThatCannotGrowSaysWhy() {
		SQLException failure = new CheckoutFailure("p", 2, 1, 1, 1).toException(WAITED, REFUSED, 5);
		assertThat((Throwable) failure).hasMessageContaining("none can be opened: connection refused")
			.hasCause(REFUSED);
		assertThat(failure.getSQLState()).isEqualTo("08001");
	}

	@Test
	void aServerThatDoesNotAnswerIsNamed() {
		SQLException failure = new CheckoutFailure("p", 2, 0, 0, 1).toException(WAITED, null, WAITED);
		assertThat((Throwable) failure).hasMessageContaining("the server has not answered a new one for 250 ms");
		assertThat(failure.getSQLState()).isEqualTo("08001");
	}

	@Test
	void aFailureWithoutStateIsAFailureToConnect() {
		SQLException failure = new CheckoutFailure("p", 1, 0, 0, 1).toException(WAITED, new IllegalStateException("x"),
				0);
		assertThat(failure.getSQLState()).isEqualTo("08001");
	}

}
