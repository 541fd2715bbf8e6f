package com.example.bank;

import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.ResponseEntity;
import org.springframework.util.Assert;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * The bank over HTTP. A transfer is put at an id that the client makes up: to repeat the
 * request is safe, and {@code GET} of the same address tells whether it was done.
 */
@RestController
class BankController {

	private final AccountService accounts;

	private final TransferService transfers;

	BankController(AccountService accounts, TransferService transfers) {
		this.accounts = accounts;
		this.transfers = transfers;
	}

	@PostMapping("/accounts")
	ResponseEntity<Account> open(@RequestBody NewAccount request) {
		Account account = this.accounts.open(request.owner(), request.balance());
		return ResponseEntity.created(URI.create("/accounts/" + account.getId())).body(account);
	}

	@GetMapping("/accounts")
	List<Account> accounts() {
		return this.accounts.findAll();
	}

	@GetMapping("/accounts/{id}")
	Account account(@PathVariable long id) {
		return this.accounts.find(id);
	}

	@GetMapping("/accounts/{id}/ledger")
	List<LedgerEntry> ledger(@PathVariable long id) {
		return this.accounts.ledger(id);
	}

	@PutMapping("/transfers/{id}")
	ResponseEntity<LedgerEntry> transfer(@PathVariable UUID id, @RequestBody NewTransfer request) {
		LedgerEntry entry = new LedgerEntry(id, request.from(), request.to(), request.amount());
		Optional<LedgerEntry> earlier = this.accounts.findTransfer(id);
		if (earlier.isPresent()) {
			return repeated(entry, earlier.get());
		}
		try {
			LedgerEntry booked = this.transfers.transfer(id, request.from(), request.to(), request.amount());
			return ResponseEntity.created(URI.create("/transfers/" + id)).body(booked);
		}
		catch (DataIntegrityViolationException ex) {
			// The same request, at the same time
			return repeated(entry, this.accounts.findTransfer(id).orElseThrow(() -> ex));
		}
	}

	@GetMapping("/transfers/{id}")
	ResponseEntity<LedgerEntry> transfer(@PathVariable UUID id) {
		return ResponseEntity.of(this.accounts.findTransfer(id));
	}

	private ResponseEntity<LedgerEntry> repeated(LedgerEntry entry, LedgerEntry earlier) {
		if (!earlier.isSameTransferAs(entry)) {
			throw new TransferConflictException(entry.getTransferId());
		}
		return ResponseEntity.ok(earlier);
	}

	record NewAccount(String owner, BigDecimal balance) {

		NewAccount {
			Assert.notNull(owner, "Invalid owner (null): must be given");
			Assert.notNull(balance, "Invalid balance (null): must be given");
		}

	}

	record NewTransfer(long from, long to, BigDecimal amount) {

		NewTransfer {
			Assert.notNull(amount, "Invalid amount (null): must be given");
		}

	}

}
