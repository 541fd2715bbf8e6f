package io.github.resilientdb.benchmarks;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * An account of the bank.
 */
@Entity
class Account {

	@Id
	private int id;

	private long balance;

	long deposit() {
		this.balance++;
		return this.balance;
	}

}
