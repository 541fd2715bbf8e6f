package io.github.resilientdb.benchmarks;

import io.github.resilientdb.RetryableTransaction;

/**
 * A service that calls a repository.
 */
public class Accounts {

	private final AccountRepository repository;

	Accounts(AccountRepository repository) {
		this.repository = repository;
	}

	@RetryableTransaction
	public long deposit() {
		return this.repository.findById(1).orElseThrow().deposit();
	}

}
