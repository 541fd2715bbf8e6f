package com.example.bank;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/**
 * One transfer in the ledger. The transfer's id is chosen by the client, who can thus ask
 * for it, or for the whole transfer, again.
 */
@Entity
public class LedgerEntry {

	@Id
	@GeneratedValue
	@JsonIgnore
	private @Nullable Long id;

	private UUID transferId;

	private long fromAccount;

	private long toAccount;

	private BigDecimal amount;

	private Instant bookedAt;

	@SuppressWarnings("NullAway.Init")
	protected LedgerEntry() {
	}

	public LedgerEntry(UUID transferId, long fromAccount, long toAccount, BigDecimal amount) {
		RuleViolationException.check(fromAccount != toAccount,
				"Invalid account (" + toAccount + "): must not be the one that pays");
		RuleViolationException.check(amount.signum() > 0, "Invalid amount (" + amount + "): must be positive");
		RuleViolationException.check(amount.scale() <= 2, "Invalid amount (" + amount + "): must be whole cents");
		this.transferId = transferId;
		this.fromAccount = fromAccount;
		this.toAccount = toAccount;
		this.amount = amount;
		this.bookedAt = Instant.now();
	}

	boolean isSameTransferAs(LedgerEntry other) {
		return this.transferId.equals(other.transferId) && this.fromAccount == other.fromAccount
				&& this.toAccount == other.toAccount && this.amount.compareTo(other.amount) == 0;
	}

	public UUID getTransferId() {
		return this.transferId;
	}

	public long getFromAccount() {
		return this.fromAccount;
	}

	public long getToAccount() {
		return this.toAccount;
	}

	public BigDecimal getAmount() {
		return this.amount;
	}

	public Instant getBookedAt() {
		return this.bookedAt;
	}

}
