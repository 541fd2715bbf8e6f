package io.github.resilientdb.retry;

import java.sql.SQLException;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.testsupport.FakeDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests for {@link CommitFailureTranslator}, on connections that are not guarded.
 */
class CommitFailureTranslatorTests {

	private final FakeDatabase database = new FakeDatabase();

	private final JdbcTransactionManager manager = new JdbcTransactionManager(this.database);

	@Test
	void keepsWhyCommitFailed() {
		SQLException lost = FakeDatabase.lost();
		process();
		try (AttemptLedger ledger = AttemptLedger.open(Long.MAX_VALUE)) {
			assertThatException()
				.isThrownBy(() -> new TransactionTemplate(this.manager).executeWithoutResult((status) -> {
					new JdbcTemplate(this.database).execute("A");
					this.database.session().failOn(lost, "commit");
				}));
			assertThat((Throwable) ledger.transactions().commitFailure()).isSameAs(lost);
		}
	}

	@Test
	void isInstalledOnceAndTranslatesAsBefore() {
		SQLExceptionTranslator before = this.manager.getExceptionTranslator();
		process();
		process();
		SQLException failure = new SQLException("lost", "08006");
		assertThat(this.manager.getExceptionTranslator()).isEqualTo(new CommitFailureTranslator(before));
		assertThat(this.manager.getExceptionTranslator().translate("commit", null, failure))
			.hasSameClassAs(before.translate("commit", null, failure));
	}

	private void process() {
		new TransactionManagerPostProcessor(() -> false).postProcessAfterInitialization(this.manager, "manager");
	}

}
