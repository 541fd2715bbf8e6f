package com.example.bank;

import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;

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
