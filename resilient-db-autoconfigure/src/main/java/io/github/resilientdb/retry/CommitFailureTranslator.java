package io.github.resilientdb.retry;

import java.sql.SQLException;

import io.github.resilientdb.attempt.AttemptLedger;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.SQLExceptionTranslator;

/**
 * Remembers why COMMIT failed: a {@link JdbcTransactionManager} then tries to roll back,
 * and if that fails too, throws only the second failure.
 *
 * @param translator translates the exceptions
 */
record CommitFailureTranslator(SQLExceptionTranslator translator) implements SQLExceptionTranslator {

	static void install(JdbcTransactionManager manager) {
		if (!(manager.getExceptionTranslator() instanceof CommitFailureTranslator)) {
			manager.setExceptionTranslator(new CommitFailureTranslator(manager.getExceptionTranslator()));
		}
	}

	@Override
	public @Nullable DataAccessException translate(String task, @Nullable String sql, SQLException ex) {
		AttemptLedger ledger = AttemptLedger.current();
		if (ledger != null) {
			ledger.transactions().commitFailed(ex);
		}
		return this.translator.translate(task, sql, ex);
	}

}
