package io.github.resilientdb.sweep;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jakarta.persistence.CascadeType;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Version;
import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.AbstractAggregateRoot;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/**
 * What the JPA programs store.
 */
final class Shop {

	private Shop() {
	}

	@Entity(name = "customer")
	static class Customer {

		@Id
		@GeneratedValue(strategy = GenerationType.SEQUENCE)
		@Nullable Long id;

		String name = "";

		int points;

		@Nullable Address address;

		@ElementCollection
		Set<String> tags = new LinkedHashSet<>();

		static Customer of(String name) {
			Customer customer = new Customer();
			customer.name = name;
			return customer;
		}

	}

	@Embeddable
	static class Address {

		String city = "";

		static Address of(String city) {
			Address address = new Address();
			address.city = city;
			return address;
		}

	}

	@Entity(name = "account")
	static class Account {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		@Nullable Long id;

		@Version
		int version;

		String owner = "";

		long balance;

		@ManyToOne(fetch = FetchType.LAZY)
		@Nullable Customer customer;

		static Account of(String owner, long balance) {
			Account account = new Account();
			account.owner = owner;
			account.balance = balance;
			return account;
		}

		void add(long amount) {
			this.balance += amount;
		}

	}

	@Entity(name = "purchase")
	static class Purchase extends AbstractAggregateRoot<Purchase> {

		@Id
		@GeneratedValue(strategy = GenerationType.SEQUENCE)
		@Nullable Long id;

		@Version
		@Nullable Integer version;

		String buyer = "";

		Instant createdAt = Instant.now();

		@OneToMany(mappedBy = "purchase", cascade = CascadeType.ALL, orphanRemoval = true)
		@OrderBy("product desc")
		List<Item> items = new ArrayList<>();

		static Purchase of(String buyer, String... products) {
			Purchase purchase = new Purchase();
			purchase.buyer = buyer;
			for (String product : products) {
				purchase.add(product);
			}
			return purchase;
		}

		void add(String product) {
			Item item = new Item();
			item.product = product;
			item.purchase = this;
			this.items.add(item);
		}

		Purchase placed() {
			return andEvent(new Placed(this.buyer));
		}

	}

	record Placed(String buyer) {

	}

	@Entity(name = "item")
	static class Item {

		@Id
		@GeneratedValue(strategy = GenerationType.IDENTITY)
		@Nullable Long id;

		String product = "";

		boolean shipped;

		@ManyToOne(fetch = FetchType.LAZY)
		@Nullable Purchase purchase;

	}

	@Entity(name = "document")
	static class Document {

		@Id
		@GeneratedValue
		@Nullable UUID id;

		String title = "";

		static Document of(String title) {
			Document document = new Document();
			document.title = title;
			return document;
		}

	}

	@Entity(name = "counter")
	static class Counter {

		@Id
		String name = "";

		long value;

		static Counter of(String name) {
			Counter counter = new Counter();
			counter.name = name;
			return counter;
		}

	}

	interface CustomerRepository extends JpaRepository<Customer, Long> {

		Customer findByName(String name);

	}

	interface AccountRepository extends JpaRepository<Account, Long> {

		Account findByOwner(String owner);

		@Lock(LockModeType.PESSIMISTIC_WRITE)
		@Query("select a from account a where a.owner = :owner")
		Account lockByOwner(String owner);

		@Modifying(clearAutomatically = true, flushAutomatically = true)
		@Query("update account a set a.balance = a.balance + :amount where a.owner = :owner")
		int addTo(String owner, long amount);

		@Modifying
		@Query(nativeQuery = true, value = "update account set balance = balance * 2 where owner = :owner")
		int twice(String owner);

		void deleteByOwner(String owner);

		java.util.stream.Stream<Account> readAllByOrderByOwner();

	}

	interface PurchaseRepository extends JpaRepository<Purchase, Long> {

		Purchase findByBuyer(String buyer);

	}

	interface DocumentRepository extends JpaRepository<Document, UUID> {

	}

	interface CounterRepository extends JpaRepository<Counter, String> {

	}

}
