package io.github.resilientdb.retry;

import java.util.function.BooleanSupplier;

import io.github.resilientdb.attempt.AttemptLedger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * Listens to every transaction manager, not only to those that Spring Boot configures.
 * What can't be listened to is never rerun; JTA is refused unless it is allowed.
 */
public final class TransactionManagerPostProcessor implements BeanPostProcessor, PriorityOrdered {

	private static final Logger logger = LoggerFactory.getLogger(TransactionManagerPostProcessor.class);

	// By name, since jakarta.transaction need not be there
	private static final String JTA = "org.springframework.transaction.jta.JtaTransactionManager";

	private final TransactionPhaseListener listener = new TransactionPhaseListener();

	private final AfterCommitConnections afterCommit = new AfterCommitConnections();

	private final BooleanSupplier jta;

	/**
	 * Create the post-processor.
	 * @param jta whether JTA transactions may be rerun; looked up with the first JTA
	 * transaction manager
	 */
	public TransactionManagerPostProcessor(BooleanSupplier jta) {
		this.jta = jta;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!(bean instanceof TransactionManager)) {
			return bean;
		}
		if (bean instanceof ConfigurableTransactionManager manager) {
			if (!manager.getTransactionExecutionListeners().contains(this.afterCommit)) {
				listen(manager, beanName);
			}
		}
		else if (bean instanceof PlatformTransactionManager) {
			logger.warn("Transactions of '{}' are never rerun: {} takes no listeners", beanName,
					bean.getClass().getName());
		}
		return bean;
	}

	private void listen(ConfigurableTransactionManager manager, String beanName) {
		boolean refused = isJta(manager.getClass()) && !this.jta.getAsBoolean();
		manager.addListener(refused ? new JtaRefusal(beanName) : this.listener);
		manager.addListener(this.afterCommit);
		if (manager instanceof ResourceTransactionManager resource) {
			manager.addListener(new UncommittedWork(resource));
		}
		if (manager instanceof JdbcTransactionManager jdbc) {
			CommitFailureTranslator.install(jdbc);
		}
	}

	private static boolean isJta(Class<?> type) {
		for (Class<?> candidate = type; candidate != null; candidate = candidate.getSuperclass()) {
			if (candidate.getName().equals(JTA)) {
				return true;
			}
		}
		return false;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/**
	 * Refuses to begin a JTA transaction for a retryable call, since the promise could
	 * not be kept: a JTA transaction has more than one resource, and none of them can
	 * tell what became of a lost COMMIT.
	 *
	 * @param transactionManager the bean name of the JTA transaction manager
	 */
	private record JtaRefusal(String transactionManager) implements TransactionExecutionListener {

		@Override
		public void beforeBegin(TransactionExecution transaction) {
			AttemptLedger ledger = AttemptLedger.current();
			if (ledger != null && ledger.transactions().expects(transaction.getTransactionName())) {
				throw new IllegalTransactionStateException(
						("The transaction '%s' is retryable, but that of '%s' is a JTA transaction, which has more than one"
								+ " resource: what became of a lost COMMIT could not be found out. Use @Transactional,"
								+ " or another transactionManager; or set resilientdb.retry.jta=true to rerun what JTA"
								+ " reports as rolled back")
							.formatted(transaction.getTransactionName(), this.transactionManager));
			}
		}

	}

}
