package io.github.resilientdb.benchmarks;

import io.github.resilientdb.RetryableTransaction;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Retryable transactions, which are ordinary ones where resilient-db is switched off.
 */
public class Bank {

	private final JdbcTemplate jdbc;

	Bank(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	@RetryableTransaction
	public void transfer() {
		this.jdbc.update("update account set balance = balance + 1 where id = 1");
		this.jdbc.update("insert into entry (account, amount) values (1, 1)");
	}

	@RetryableTransaction(readOnly = true)
	public void balance() {
		this.jdbc.queryForObject("select balance from account where id = 1", Long.class);
	}

}
