package io.github.resilientdb.benchmarks;

import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Has nothing to begin and nothing to commit.
 */
@SuppressWarnings("serial")
final class IdleTransactionManager extends AbstractPlatformTransactionManager {

	private static final Object TRANSACTION = new Object();

	@Override
	protected Object doGetTransaction() {
		return TRANSACTION;
	}

	@Override
	protected void doBegin(Object transaction, TransactionDefinition definition) {
	}

	@Override
	protected void doCommit(DefaultTransactionStatus status) {
	}

	@Override
	protected void doRollback(DefaultTransactionStatus status) {
	}

}
