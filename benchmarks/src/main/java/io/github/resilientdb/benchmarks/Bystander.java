package io.github.resilientdb.benchmarks;

import io.github.resilientdb.RetryableTransaction;

/**
 * A retryable transaction that does nothing.
 */
class Bystander {

	@RetryableTransaction
	public void call() {
	}

}
