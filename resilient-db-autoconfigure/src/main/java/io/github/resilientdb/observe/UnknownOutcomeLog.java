package io.github.resilientdb.observe;

import java.sql.SQLException;
import java.util.Objects;

import io.github.resilientdb.CallName;
import io.github.resilientdb.RetryableCallListener;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs each call whose outcome nobody knows, with what an operator needs to find it out.
 */
public final class UnknownOutcomeLog implements RetryableCallListener {

	private static final Logger logger = LoggerFactory.getLogger(UnknownOutcomeLog.class);

	private static final int MAX_CAUSES = 50;

	@Override
	public RunningCall callStarting(CallName call, String label) {
		return new LoggedCall(label);
	}

	private static @Nullable String sqlState(Throwable failure) {
		Throwable candidate = failure;
		for (int i = 0; candidate != null && i < MAX_CAUSES; i++) {
			if (candidate instanceof SQLException exception && exception.getSQLState() != null) {
				return exception.getSQLState();
			}
			candidate = candidate.getCause();
		}
		return null;
	}

	private record LoggedCall(String label) implements RunningCall {

		@Override
		public void failed(String outcome, int attempts, Throwable failure) {
			if (!outcome.equals("unknown")) {
				return;
			}
			TransactionOutcomeUnknownException unknown = (failure instanceof TransactionOutcomeUnknownException report)
					? report : null;
			LoggingEventBuilder event = logger.atError()
				.addKeyValue("call", this.label)
				.addKeyValue("attempts", attempts)
				.addKeyValue("sqlState", sqlState(failure));
			if (unknown != null) {
				event = event.addKeyValue("reason", unknown.getReason())
					.addKeyValue("transaction", unknown.getTransaction())
					.addKeyValue("statement", unknown.getStatement());
			}
			if (logger.isDebugEnabled()) {
				event = event.setCause(failure);
			}
			event.log(
					"{} may or may not have been committed, in attempt {} (SQLSTATE {}). {}. "
							+ "Don't run it again before you know",
					this.label, attempts, sqlState(failure),
					Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getName()));
		}

	}

}
