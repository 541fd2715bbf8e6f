package com.example.bank.demo;

import java.util.List;

import com.example.bank.Account;
import com.example.bank.AccountNotFoundException;
import com.example.bank.AccountRepository;
import com.example.bank.LedgerEntry;
import com.example.bank.LedgerEntryRepository;

import org.springframework.transaction.annotation.Transactional;

/**
 * The transfer service, with Spring's annotation.
 */
public class PlainTransferService {

	private final AccountRepository accounts;

	private final LedgerEntryRepository ledger;

	PlainTransferService(AccountRepository accounts, LedgerEntryRepository ledger) {
		this.accounts = accounts;
		this.ledger = ledger;
	}

	@Transactional
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
