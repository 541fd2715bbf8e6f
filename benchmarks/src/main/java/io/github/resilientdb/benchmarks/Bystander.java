package io.github.resilientdb.benchmarks;

import io.github.resilientdb.RetryableTransaction;

/**
 * Retryable transactions that do nothing.
 */
public class Bystander {

	@RetryableTransaction
	public void call() {
	}

	@RetryableTransaction
	public void call(Object argument) {
	}

}
