package com.example.bank;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import io.github.resilientdb.RetryableTransaction;

import org.springframework.stereotype.Service;

/**
 * Opens accounts, and tells what is on them and in the ledger.
 */
@Service
@RetryableTransaction(readOnly = true)
public class AccountService {

	private final AccountRepository accounts;

	private final LedgerEntryRepository ledger;

	AccountService(AccountRepository accounts, LedgerEntryRepository ledger) {
		this.accounts = accounts;
		this.ledger = ledger;
	}

	@RetryableTransaction
	public Account open(String owner, BigDecimal balance) {
		return this.accounts.save(new Account(owner, balance));
	}

	public List<Account> findAll() {
		return this.accounts.findAllByOrderById();
	}

	public Account find(long id) {
		return this.accounts.findById(id).orElseThrow(() -> new AccountNotFoundException(id));
	}

	public List<LedgerEntry> ledger(long id) {
		Account account = find(id);
		return this.ledger.findByFromAccountOrToAccountOrderById(account.getId(), account.getId());
	}

	public Optional<LedgerEntry> findTransfer(UUID transferId) {
		return this.ledger.findByTransferId(transferId);
	}

}
