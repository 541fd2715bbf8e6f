package io.github.resilientdb.integration;

import java.sql.SQLException;
import java.util.function.Consumer;

import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.test.proxy.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The template gives the guarantees of the annotation, with the settings of Spring's.
 */
@SpringBootTest(classes = JdbcApplication.class, webEnvironment = WebEnvironment.NONE)
class RerunTemplateIntegrationTests {

	@RegisterExtension
	static final RerunDatabase database = new RerunDatabase();

	@Autowired
	private RetryableTransactionTemplate template;

	@Autowired
	private Scenario scenario;

	@DynamicPropertySource
	static void dataSource(DynamicPropertyRegistry properties) {
		database.register(properties);
	}

	@Test
	void letsCallbacksWriteAfterACommitThatWasVerified() {
		database.proxy().arm(Fault.DROP_RESPONSE);
		this.template.executeWithoutResult((status) -> {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
				@Override
				public void afterCommit() {
					insert("after commit");
				}

				@Override
				public void afterCompletion(int status) {
					insert("after completion");
				}
			});
			this.scenario.enter("call");
		});
		assertThat(this.scenario.runs("call")).isEqualTo(1);
		assertThat(this.scenario.entries()).containsExactly("after commit", "after completion", "call");
		this.scenario.insert("later");
		assertThat(this.scenario.entries()).hasSize(4);
	}

	private void insert(String text) {
		this.scenario.jdbc().update("insert into note (text) values (?)", text);
	}

	@Test
	void doesNotRerunWhatJoined() {
		this.template.executeWithoutResult((outer) -> {
			this.scenario.enter("outer");
			this.template.executeWithoutResult((inner) -> this.scenario.enterAndDisconnectFirst("inner"));
		});
		assertThat(this.scenario.runs("outer")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("inner", "outer");
	}

	@Test
	void rerunsANewTransactionAlone() {
		RetryableTransactionTemplate requiresNew = with(
				(copy) -> copy.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW));
		this.template.executeWithoutResult((outer) -> {
			this.scenario.enter("outer");
			requiresNew.executeWithoutResult((inner) -> this.scenario.enterAndDisconnectFirst("inner"));
		});
		assertThat(this.scenario.runs("outer")).isEqualTo(1);
		assertThat(this.scenario.runs("inner")).isEqualTo(2);
		assertThat(this.scenario.entries()).containsExactly("inner", "outer");
	}

	@Test
	void hasThePropagationOfSpringsTemplate() {
		RetryableTransactionTemplate mandatory = with(
				(copy) -> copy.setPropagationBehavior(TransactionDefinition.PROPAGATION_MANDATORY));
		assertThatExceptionOfType(IllegalTransactionStateException.class)
			.isThrownBy(() -> mandatory.executeWithoutResult((status) -> this.scenario.enter("call")));
		assertThat(this.scenario.entries()).isEmpty();
	}

	@Test
	void hasIsolationAndReadOnlyInEachAttempt() {
		RetryableTransactionTemplate copy = with((changed) -> {
			changed.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
			changed.setReadOnly(true);
		});
		int[] attempts = { 0 };
		String setting = copy.execute((status) -> {
			if (++attempts[0] == 1) {
				this.scenario.disconnect();
			}
			return this.scenario.jdbc()
				.queryForObject("select current_setting('transaction_isolation') || ' ' ||"
						+ " current_setting('transaction_read_only')", String.class);
		});
		assertThat(attempts[0]).isEqualTo(2);
		assertThat(setting).isEqualTo("serializable on");
	}

	@Test
	void hasATimeoutForEachAttemptAndDoesNotRerunIt() {
		RetryableTransactionTemplate copy = with((changed) -> changed.setTimeout(3));
		assertThatExceptionOfType(QueryTimeoutException.class).isThrownBy(() -> copy.executeWithoutResult((status) -> {
			this.scenario.enterAndDisconnectFirst("call");
			this.scenario.jdbc().execute("select pg_sleep(60)");
		})).satisfies((ex) -> assertThat(ex.getSuppressed()).hasSize(1));
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.scenario.entries()).isEmpty();
	}

	@Test
	void endsWithTheDisconnectIfNoAttemptIsLeft() {
		RetryableTransactionTemplate copy = with((changed) -> changed.setMaxAttempts(2));
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> copy.executeWithoutResult((status) -> {
			this.scenario.enter("call");
			this.scenario.disconnect();
		}))
			.havingRootCause()
			.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
		assertThat(this.scenario.runs("call")).isEqualTo(2);
		assertThat(this.scenario.entries()).isEmpty();
	}

	private RetryableTransactionTemplate with(Consumer<RetryableTransactionTemplate> change) {
		return this.template.with(change);
	}

}
