package com.example.bank.trial;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

import com.example.bank.Account;
import com.example.bank.AccountNotFoundException;
import com.example.bank.AccountRepository;
import com.example.bank.LedgerEntry;
import com.example.bank.LedgerEntryRepository;

import org.springframework.resilience.annotation.Retryable;
import org.springframework.transaction.annotation.Transactional;

/**
 * The transfer service, with Spring's annotation and a retry around it: as many attempts
 * as resilient-db makes by default, and the same back-off.
 */
public class NaiveTransferService {

	private final AccountRepository accounts;

	private final LedgerEntryRepository ledger;

	NaiveTransferService(AccountRepository accounts, LedgerEntryRepository ledger) {
		this.accounts = accounts;
		this.ledger = ledger;
	}

	@Retryable(maxRetries = 4, delay = 50, multiplier = 2, maxDelay = 2000)
	@Transactional
	public LedgerEntry transfer(UUID id, long from, long to, BigDecimal amount) {
		List<Account> locked = this.accounts.findByIdInOrderById(List.of(from, to));
		account(locked, from).withdraw(amount);
		account(locked, to).deposit(amount);
		return this.ledger.save(new LedgerEntry(id, from, to, amount));
	}

	private Account account(List<Account> accounts, long id) {
		return accounts.stream()
			.filter((account) -> account.getId() == id)
			.findFirst()
			.orElseThrow(() -> new AccountNotFoundException(id));
	}

}
