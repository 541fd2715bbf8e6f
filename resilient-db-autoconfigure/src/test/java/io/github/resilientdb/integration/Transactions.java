package io.github.resilientdb.integration;

import java.util.concurrent.Callable;

import io.github.resilientdb.RetryableTransaction;

import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Runs whatever a test wants in transactions of every kind.
 */
class Transactions {

	@RetryableTransaction
	<T> T call(Callable<T> work) throws Exception {
		return work.call();
	}

	@RetryableTransaction
	void required(Work work) throws Exception {
		work.run();
	}

	@RetryableTransaction(propagation = Propagation.REQUIRES_NEW)
	void requiresNew(Work work) throws Exception {
		work.run();
	}

	@RetryableTransaction(propagation = Propagation.NESTED)
	void nested(Work work) throws Exception {
		work.run();
	}

	@RetryableTransaction(propagation = Propagation.SUPPORTS)
	void supports(Work work) throws Exception {
		work.run();
	}

	@RetryableTransaction(propagation = Propagation.NOT_SUPPORTED)
	void notSupported(Work work) throws Exception {
		work.run();
	}

	@RetryableTransaction(propagation = Propagation.MANDATORY)
	void mandatory(Work work) throws Exception {
		work.run();
	}

	@RetryableTransaction(propagation = Propagation.NEVER)
	void never(Work work) throws Exception {
		work.run();
	}

	@RetryableTransaction(maxAttempts = 1)
	void once(Work work) throws Exception {
		work.run();
	}

	@RetryableTransaction(noRollbackFor = IllegalStateException.class)
	void noRollback(Work work) throws Exception {
		work.run();
	}

	@RetryableTransaction(rollbackFor = Exception.class)
	void rollback(Work work) throws Exception {
		work.run();
	}

	@Transactional
	void plain(Work work) throws Exception {
		work.run();
	}

	@Transactional(propagation = Propagation.REQUIRES_NEW)
	void plainNew(Work work) throws Exception {
		work.run();
	}

	void viaThis(Work work) throws Exception {
		required(work);
	}

	/**
	 * What runs in a transaction.
	 */
	@FunctionalInterface
	interface Work {

		void run() throws Exception;

	}

}
