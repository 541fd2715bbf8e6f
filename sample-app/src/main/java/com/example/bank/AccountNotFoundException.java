package com.example.bank;

/**
 * There is no such account.
 */
@SuppressWarnings("serial")
public class AccountNotFoundException extends RuntimeException {

	public AccountNotFoundException(long id) {
		super("There is no account " + id);
	}

}
