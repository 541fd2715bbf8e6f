package com.example.bank;

import java.math.BigDecimal;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * An account. Its balance is never negative.
 */
@Entity
public class Account {

	@Id
	@GeneratedValue
	private @Nullable Long id;

	private String owner;

	private BigDecimal balance;

	@SuppressWarnings("NullAway.Init")
	protected Account() {
	}

	public Account(String owner, BigDecimal balance) {
		RuleViolationException.check(!owner.isBlank(), "Invalid owner (empty): must have text");
		RuleViolationException.check(balance.signum() >= 0, "Invalid balance (" + balance + "): must not be negative");
		RuleViolationException.check(balance.scale() <= 2, "Invalid balance (" + balance + "): must be whole cents");
		this.owner = owner;
		this.balance = balance;
	}

	public void withdraw(BigDecimal amount) {
		RuleViolationException.check(this.balance.compareTo(amount) >= 0,
				"Invalid amount (" + amount + "): account " + this.id + " has less");
		this.balance = this.balance.subtract(amount);
	}

	public void deposit(BigDecimal amount) {
		this.balance = this.balance.add(amount);
	}

	public long getId() {
		Assert.state(this.id != null, "Invalid id (null): the account was not saved");
		return this.id;
	}

	public String getOwner() {
		return this.owner;
	}

	public BigDecimal getBalance() {
		return this.balance;
	}

}
