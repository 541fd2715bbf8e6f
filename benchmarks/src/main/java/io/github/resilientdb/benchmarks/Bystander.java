package io.github.resilientdb.benchmarks;

import io.github.resilientdb.RetryableTransaction;

/**
 * A retryable transaction that does nothing.
 */
public class Bystander {

	@RetryableTransaction
	public void call() {
	}

}
