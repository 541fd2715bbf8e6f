package io.github.resilientdb.sweep;

import io.github.resilientdb.sweep.JpaPrograms.Service;
import io.github.resilientdb.sweep.Shop.Account;
import io.github.resilientdb.sweep.Shop.AccountRepository;
import io.github.resilientdb.sweep.Shop.Customer;
import io.github.resilientdb.sweep.Shop.Purchase;
import io.github.resilientdb.sweep.Shop.PurchaseRepository;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Requests under open-in-view, Spring Boot's default.
 */
@RestController
class ShopController {

	private final Service service;

	private final Retryably tx;

	private final AccountRepository accounts;

	private final PurchaseRepository purchases;

	ShopController(Service service, Retryably tx, AccountRepository accounts, PurchaseRepository purchases) {
		this.service = service;
		this.tx = tx;
		this.accounts = accounts;
		this.purchases = purchases;
	}

	@PostMapping("/open/{owner}")
	String open(@PathVariable String owner) {
		Account saved = this.service.save(Account.of(owner, 1));
		return "opened " + saved.id;
	}

	@PostMapping("/buy/{buyer}")
	String buy(@PathVariable String buyer) {
		Purchase saved = this.service.save(Purchase.of(buyer, "a", "b"));
		return "bought " + saved.id + ": " + saved.items.size();
	}

	@PostMapping("/transfer/{amount}")
	String transfer(@PathVariable long amount) throws Exception {
		return this.tx.call(() -> {
			this.accounts.findByOwner("ann").add(-amount);
			this.accounts.findByOwner("bob").add(amount);
			return "done";
		});
	}

	@PostMapping("/load-then-deposit/{amount}")
	String loadThenDeposit(@PathVariable long amount) throws Exception {
		Account account = this.tx.read(() -> this.accounts.findByOwner("ann"));
		return "balance " + this.service.deposit(account, amount);
	}

	@PostMapping("/load-then-change-inside/{amount}")
	String loadThenChangeInside(@PathVariable long amount) throws Exception {
		Account account = this.tx.read(() -> this.accounts.findByOwner("ann"));
		return "balance " + this.tx.call(() -> {
			account.add(amount);
			return this.accounts.saveAndFlush(account).balance;
		});
	}

	@PostMapping("/change-then-call/{amount}")
	String changeThenCall(@PathVariable long amount) throws Exception {
		Account account = this.tx.read(() -> this.accounts.findByOwner("ann"));
		account.add(amount);
		return "count " + this.tx.call(() -> this.accounts.count());
	}

	@PostMapping("/ship")
	String ship() {
		this.service.ship(-1);
		return "shipped";
	}

	@PostMapping("/load-then-ship")
	String loadThenShip() throws Exception {
		Purchase purchase = this.tx.read(() -> this.purchases.findByBuyer("ann"));
		this.service.ship(-1);
		return "shipped " + purchase.items.stream().filter((item) -> item.shipped).count();
	}

	@PostMapping("/points/{points}")
	String points(@PathVariable int points) throws Exception {
		Account account = this.tx.read(() -> this.accounts.findByOwner("ann"));
		return this.tx.call(() -> {
			Customer customer = account.customer;
			if (customer != null) {
				customer.points += points;
			}
			this.accounts.save(account);
			return "saved";
		});
	}

	@PostMapping("/lazily")
	String lazily() throws Exception {
		Purchase purchase = this.tx.read(() -> this.purchases.findByBuyer("ann"));
		return "items " + this.tx.call(() -> {
			purchase.items.forEach((item) -> item.shipped = true);
			return purchase.items.size();
		});
	}

}
