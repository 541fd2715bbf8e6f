package io.github.resilientdb.benchmarks;

import java.math.BigDecimal;
import java.time.Instant;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

/**
 * An entity of ten attributes.
 */
@Entity
class Customer {

	@Id
	private long id = 1;

	private String name = "Ada";

	private String street = "1 Main Street";

	private String city = "London";

	private String postcode = "N1 9GU";

	private String country = "GB";

	private String email = "ada@example.com";

	private Instant since = Instant.EPOCH;

	private BigDecimal balance = BigDecimal.TEN;

	private boolean active = true;

	@Override
	public String toString() {
		return String.join(", ", Long.toString(this.id), this.name, this.street, this.city, this.postcode, this.country,
				this.email, this.since.toString(), this.balance.toString(), Boolean.toString(this.active));
	}

}
