package io.github.resilientdb.retry;

import io.github.resilientdb.attempt.AttemptLedger;
import io.github.resilientdb.attempt.TransactionOutcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link TransactionPhaseListener} with a transaction manager and connections
 * that are none of ours.
 */
// A ledger is confined to its thread
@Timeout(value = 10, threadMode = ThreadMode.SAME_THREAD)
class TransactionPhaseListenerTests {

	private final JdbcTransactionManager manager = new JdbcTransactionManager(
			new DriverManagerDataSource("jdbc:h2:mem:phases"));

	private final TransactionTemplate transactions = new TransactionTemplate(this.manager);

	private final AttemptLedger ledger = AttemptLedger.open(0);

	@BeforeEach
	void listen() {
		this.manager.addListener(new TransactionPhaseListener());
	}

	@AfterEach
	void close() {
		this.ledger.close();
	}

	@Test
	void tellsOfACommit() {
		this.transactions.executeWithoutResult((status) -> assertThat(this.ledger.own().isCommitting()).isFalse());
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
		assertThat(this.ledger.own().isCommitting()).isTrue();
		assertThat(this.ledger.own().isGuarded()).isFalse();
	}

	@Test
	void tellsOfARollback() {
		this.transactions.executeWithoutResult(TransactionStatus::setRollbackOnly);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
		assertThat(this.ledger.own().isCommitting()).isFalse();
	}

	@Test
	void tellsThatATransactionCouldNotBegin() {
		this.manager.setDataSource(new DriverManagerDataSource("jdbc:none"));
		assertThatExceptionOfType(CannotCreateTransactionException.class)
			.isThrownBy(() -> this.transactions.executeWithoutResult(TransactionStatus::flush));
		assertThat(this.ledger.own().isObserved()).isTrue();
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.NOT_BEGUN);
	}

	@Test
	void tellsOfACommitThoughACallbackThrows() {
		assertThatIllegalStateException().isThrownBy(() -> this.transactions.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						throw new IllegalStateException("callback");
					}

				})));
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.COMMITTED);
	}

	@Test
	void doesNotTellOfTheEndIfACallbackBeforeTheCommitThrowsATransactionException() {
		assertThatExceptionOfType(CannotCreateTransactionException.class)
			.isThrownBy(() -> this.transactions.executeWithoutResult((status) -> TransactionSynchronizationManager
				.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						throw new CannotCreateTransactionException("inner");
					}

				})));
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.UNKNOWN);
	}

	@Test
	void takesParticipationAndSavepointsForNoTransactionsOfTheirOwn() {
		TransactionTemplate nested = new TransactionTemplate(this.manager);
		nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
		this.transactions.executeWithoutResult((status) -> {
			this.transactions.executeWithoutResult((joined) -> {
			});
			nested.executeWithoutResult((savepoint) -> {
			});
			nested.executeWithoutResult(TransactionStatus::setRollbackOnly);
			assertThat(this.ledger.transactions().independentWork()).isEmpty();
			status.setRollbackOnly();
		});
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
	}

	@Test
	void countsInnerTransactionsThatWereCommitted() {
		TransactionTemplate inner = new TransactionTemplate(this.manager);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transactions.executeWithoutResult((status) -> {
			inner.executeWithoutResult((committed) -> {
			});
			inner.executeWithoutResult(TransactionStatus::setRollbackOnly);
			status.setRollbackOnly();
		});
		assertThat(this.ledger.transactions().independentWork().values()).containsExactly(1);
		assertThat(this.ledger.own().outcome()).isEqualTo(TransactionOutcome.ROLLED_BACK);
	}

}
