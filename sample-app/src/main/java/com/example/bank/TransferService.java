package com.example.bank;

import java.util.List;

import io.github.resilientdb.RetryableTransaction;

import org.springframework.stereotype.Service;

/**
 * Moves money between accounts.
 */
@Service
public class TransferService {

	private final AccountRepository accounts;

	private final LedgerEntryRepository ledger;

	TransferService(AccountRepository accounts, LedgerEntryRepository ledger) {
		this.accounts = accounts;
		this.ledger = ledger;
	}

	@RetryableTransaction
	public LedgerEntry transfer(LedgerEntry entry) {
		List<Account> locked = this.accounts.findByIdInOrderById(List.of(entry.getFromAccount(), entry.getToAccount()));
		account(locked, entry.getFromAccount()).withdraw(entry.getAmount());
		account(locked, entry.getToAccount()).deposit(entry.getAmount());
		return this.ledger.save(entry);
	}

	private Account account(List<Account> accounts, long id) {
		return accounts.stream()
			.filter((account) -> account.getId() == id)
			.findFirst()
			.orElseThrow(() -> new AccountNotFoundException(id));
	}

}
