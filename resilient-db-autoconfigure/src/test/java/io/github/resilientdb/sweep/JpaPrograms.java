package io.github.resilientdb.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.RetryableTransactionTemplate;
import io.github.resilientdb.sweep.Shop.Account;
import io.github.resilientdb.sweep.Shop.AccountRepository;
import io.github.resilientdb.sweep.Shop.Address;
import io.github.resilientdb.sweep.Shop.Counter;
import io.github.resilientdb.sweep.Shop.CounterRepository;
import io.github.resilientdb.sweep.Shop.Customer;
import io.github.resilientdb.sweep.Shop.CustomerRepository;
import io.github.resilientdb.sweep.Shop.Document;
import io.github.resilientdb.sweep.Shop.DocumentRepository;
import io.github.resilientdb.sweep.Shop.Placed;
import io.github.resilientdb.sweep.Shop.Purchase;
import io.github.resilientdb.sweep.Shop.PurchaseRepository;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Sort;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Ordinary programs with JPA.
 */
class JpaPrograms {

	private final Service service;

	private final Retryably tx;

	private final RetryableTransactionTemplate template;

	private final TransactionTemplate plainTemplate;

	private final EntityManager entities;

	private final CustomerRepository customers;

	private final AccountRepository accounts;

	private final PurchaseRepository purchases;

	private final DocumentRepository documents;

	private final CounterRepository counters;

	private final JdbcTemplate jdbc;

	private final JdbcClient client;

	private final ApplicationEventPublisher events;

	JpaPrograms(Service service, Retryably tx, RetryableTransactionTemplate template, TransactionTemplate plainTemplate,
			EntityManager entities, CustomerRepository customers, AccountRepository accounts,
			PurchaseRepository purchases, DocumentRepository documents, CounterRepository counters, JdbcTemplate jdbc,
			JdbcClient client, ApplicationEventPublisher events) {
		this.service = service;
		this.tx = tx;
		this.template = template;
		this.plainTemplate = plainTemplate;
		this.entities = entities;
		this.customers = customers;
		this.accounts = accounts;
		this.purchases = purchases;
		this.documents = documents;
		this.counters = counters;
		this.jdbc = jdbc;
		this.client = client;
		this.events = events;
	}

	void reset() {
		this.jdbc.execute("""
				delete from item; delete from purchase; delete from account; delete from customer_tags;
				delete from customer; delete from document; delete from counter; delete from outbox;
				insert into customer (id, name, points, city) values (-1, 'ann', 5, 'Ulm'), (-2, 'bob', 0, null);
				insert into customer_tags (customer_id, tags) values (-1, 'vip');
				insert into account (id, version, owner, balance, customer_id)
				values (-1, 0, 'ann', 100, -1), (-2, 0, 'bob', 50, -2);
				insert into purchase (id, version, buyer, created_at) values (-1, 0, 'ann', now());
				insert into item (id, product, shipped, purchase_id)
				values (-1, 'pen', false, -1), (-2, 'ink', false, -1);
				insert into counter (name, value) values ('visits', 7)""");
	}

	List<Program> all() {
		List<Program> all = new ArrayList<>(writes());
		all.addAll(arguments());
		all.addAll(queries());
		all.addAll(transactions());
		all.addAll(failures());
		return all;
	}

	private List<Program> writes() {
		return List.of(
				Program.returning("persist with identity", () -> this.tx.call(() -> persist(Account.of("cy", 5)))),
				Program.returning("persist with sequence", () -> this.tx.call(() -> persist(Customer.of("cy")))),
				Program.returning("persist with uuid", () -> this.tx.call(() -> persist(Document.of("cy")))),
				Program.returning("persist with assigned id", () -> this.tx.call(() -> persist(Counter.of("cy")))),
				Program.returning("save with assigned id merges",
						() -> this.tx.call(() -> this.counters.save(Counter.of("cy")))),
				Program.of("transfer between versioned entities", () -> this.tx.call(() -> {
					this.accounts.findByOwner("ann").add(-10);
					this.accounts.findByOwner("bob").add(10);
					return null;
				})), Program.of("cascade to new children", () -> this.tx.call(() -> {
					this.purchases.save(Purchase.of("cy", "a", "b", "c"));
					return null;
				})), Program.of("child added and child removed", () -> this.tx.call(() -> {
					Purchase purchase = this.purchases.findByBuyer("ann");
					purchase.items.remove(0);
					purchase.add("new");
					return null;
				})), Program.of("element collection and embeddable", () -> this.tx.call(() -> {
					Customer customer = this.customers.findByName("ann");
					customer.tags.add("new");
					customer.tags.remove("vip");
					customer.address = Address.of("Bonn");
					return null;
				})), Program.of("reached lazily", () -> this.tx.call(() -> {
					Customer customer = this.accounts.findByOwner("ann").customer;
					if (customer != null) {
						customer.points += 10;
					}
					return null;
				})), Program.of("delete and insert", () -> this.tx.call(() -> {
					this.accounts.deleteByOwner("bob");
					this.accounts.flush();
					this.accounts.save(Account.of("bob", 1));
					return null;
				})), Program.of("save all", () -> this.tx.call(() -> {
					this.accounts.saveAll(List.of(Account.of("c", 1), Account.of("d", 2), Account.of("e", 3)));
					return null;
				})), Program.of("flush after each step", () -> this.tx.call(() -> {
					this.accounts.findByOwner("ann").add(1);
					this.entities.flush();
					this.accounts.findByOwner("ann").add(2);
					this.entities.flush();
					return null;
				})), Program.of("outbox", () -> this.tx.call(() -> {
					Purchase purchase = this.purchases.save(Purchase.of("cy", "a"));
					this.entities.flush();
					this.jdbc.update("insert into outbox (topic, payload) values ('placed', ?)",
							"{\"id\":" + purchase.id + ",\"buyer\":\"" + purchase.buyer + "\"}");
					return null;
				})), Program.of("delete all in batch", () -> this.tx.call(() -> {
					this.jdbc.update("delete from item");
					this.purchases.deleteAllInBatch();
					return null;
				})));
	}

	private List<Program> arguments() {
		return List.of(Program.returning("new entity as argument", () -> this.service.save(Account.of("cy", 5))),
				Program.returning("new graph as argument", () -> this.service.save(Purchase.of("cy", "a", "b"))),
				Program.returning("the caller sees the id", () -> {
					Purchase purchase = Purchase.of("cy", "a");
					this.service.save(purchase);
					return List.of(purchase.id != null, purchase.items.get(0).id != null);
				}),
				Program.of("list of new entities as argument",
						() -> this.service.saveAll(List.of(Account.of("c", 1), Account.of("d", 2)))),
				Program.of("map of new entities as argument",
						() -> this.service.saveAll(Map.of("c", Account.of("c", 1)).values().stream().toList())),
				Program.returning("detached entity as argument", () -> this.service.deposit(ann(), 10)),
				Program.returning("detached entity, merged then changed", () -> this.service.mergeThenAdd(ann(), 10)),
				Program.of("entity captured by a lambda", () -> {
					Account account = Account.of("cy", 5);
					this.tx.call(() -> this.accounts.saveAndFlush(account));
				}),
				Program.of("aggregate with an event as argument",
						() -> this.service.save(Purchase.of("cy", "a").placed())),
				Program.of("event published in the method", () -> this.tx.call(() -> {
					Purchase saved = this.purchases.save(Purchase.of("cy", "a"));
					this.events.publishEvent(new Placed(saved.buyer));
					return null;
				})));
	}

	private List<Program> queries() {
		return List.of(Program.returning("find by id", () -> this.tx.read(() -> this.accounts.findById(-1L))),
				Program.returning("find nothing", () -> this.tx.read(() -> this.accounts.findById(-99L))),
				Program.returning("find or else insert", () -> this.tx.call(() -> {
					Optional<Counter> found = this.counters.findById("visits");
					return found.orElseGet(() -> this.counters.save(Counter.of("visits"))).value;
				})), Program.returning("insert unless it exists", () -> this.tx.call(() -> {
					if (!this.counters.existsById("hits")) {
						this.counters.save(Counter.of("hits"));
					}
					return this.counters.count();
				})),
				Program.returning("page",
						() -> this.tx.read(() -> this.accounts.findAll(PageRequest.of(0, 1, Sort.by("owner"))))),
				Program.returning("stream read fully",
						() -> this.tx.read(() -> this.accounts.readAllByOrderByOwner().map((a) -> a.balance).toList())),
				Program.returning("sum",
						() -> this.tx
							.read(() -> this.entities.createQuery("select sum(a.balance) from account a", Long.class)
								.getSingleResult())),
				Program.returning("bulk update", () -> this.tx.call(() -> this.accounts.addTo("ann", 3))),
				Program.returning("native update", () -> this.tx.call(() -> this.accounts.twice("ann"))),
				Program.of("pessimistic lock", () -> this.tx.call(() -> {
					this.accounts.lockByOwner("ann").add(4);
					return null;
				})), Program.of("lock by entity manager", () -> this.tx.call(() -> {
					Account account = this.entities.find(Account.class, -1L, LockModeType.PESSIMISTIC_WRITE);
					account.add(4);
					return null;
				})), Program.of("forced increment", () -> this.tx.call(() -> {
					Account account = this.entities.find(Account.class, -1L);
					this.entities.lock(account, LockModeType.OPTIMISTIC_FORCE_INCREMENT);
					return null;
				})), Program.returning("refresh", () -> this.tx.call(() -> {
					Account account = this.accounts.findByOwner("ann");
					this.jdbc.update("update account set balance = balance + 1 where id = -1");
					this.entities.refresh(account);
					return account.balance;
				})), Program.returning("plain find, not rerun, not missing", () -> this.tx
					.call(() -> Optional.ofNullable(this.entities.find(Account.class, -1L)).isPresent())));
	}

	private List<Program> transactions() {
		return List.of(Program.returning("template", () -> this.template.execute((status) -> {
			this.accounts.findByOwner("ann").add(5);
			return this.accounts.count();
		})), Program.of("retryable method that calls another", () -> this.tx.call(() -> {
			this.accounts.findByOwner("ann").add(1);
			return this.tx.call(() -> this.accounts.addTo("bob", 1));
		})), Program.of("inner plain transactional joins", () -> this.tx.call(() -> {
			this.accounts.findByOwner("ann").add(1);
			return this.tx.plainly(() -> this.accounts.addTo("bob", 1));
		})), Program.of("savepoint by jdbc", () -> this.tx.call(() -> {
			this.jdbc.update("update account set balance = 1 where id = -1");
			this.jdbc.execute("savepoint s");
			this.jdbc.update("update account set balance = 2 where id = -1");
			this.jdbc.execute("rollback to savepoint s");
			return null;
		})), Program.returning("read in the method's own inner transaction", () -> this.tx.call(() -> {
			long total = this.tx.inNew(() -> this.accounts.count());
			this.accounts.findByOwner("ann").add(total);
			return total;
		})), Program.of("serializable", () -> this.tx.serializably(() -> {
			long total = this.accounts.findAll().stream().mapToLong((account) -> account.balance).sum();
			this.accounts.save(Account.of("sum", total));
			return null;
		})), Program.of("jdbc and jpa in one transaction", () -> this.tx.call(() -> {
			this.accounts.findByOwner("ann").add(1);
			this.entities.flush();
			this.client.sql("update account set balance = balance + 1 where id = -2").update();
			return null;
		})), Program.of("rolled back on purpose", () -> this.template.execute((status) -> {
			this.accounts.addTo("ann", 1);
			status.setRollbackOnly();
			return null;
		})), Program.returning("plain template in a retryable method",
				() -> this.tx.call(() -> this.plainTemplate.execute((status) -> this.accounts.addTo("ann", 1)))));
	}

	private List<Program> failures() {
		return List.of(Program.of("business exception", () -> this.tx.call(() -> {
			this.accounts.addTo("ann", 1);
			throw new IllegalStateException("too poor");
		})), Program.of("business exception that keeps", () -> this.tx.keeping(() -> {
			this.accounts.addTo("ann", 1);
			throw new IllegalStateException("noted");
		})), Program.of("unique violation", () -> this.tx.call(() -> {
			this.jdbc.update("insert into counter (name, value) values ('visits', 1)");
			return null;
		})), Program.of("unique violation, caught outside", () -> {
			try {
				this.tx.call(() -> this.jdbc.update("insert into counter (name, value) values ('visits', 1)"));
			}
			catch (DataIntegrityViolationException ex) {
				this.tx.call(() -> this.jdbc.update("update counter set value = value + 1 where name = 'visits'"));
			}
		}), Program.of("stale version", () -> {
			Account stale = ann();
			this.tx.call(() -> this.jdbc.update("update account set version = version + 1 where id = -1"));
			stale.add(1);
			this.service.save(stale);
		}));
	}

	private Account ann() throws Exception {
		return this.tx.read(() -> this.accounts.findByOwner("ann"));
	}

	private <T> T persist(T entity) {
		this.entities.persist(entity);
		return entity;
	}

	/**
	 * Methods with arguments.
	 */
	static class Service {

		private final AccountRepository accounts;

		private final PurchaseRepository purchases;

		Service(AccountRepository accounts, PurchaseRepository purchases) {
			this.accounts = accounts;
			this.purchases = purchases;
		}

		@RetryableTransaction
		Account save(Account account) {
			return this.accounts.save(account);
		}

		@RetryableTransaction
		Purchase save(Purchase purchase) {
			return this.purchases.save(purchase);
		}

		@RetryableTransaction
		void saveAll(List<Account> all) {
			this.accounts.saveAll(all);
		}

		@RetryableTransaction
		long deposit(Account account, long amount) {
			account.add(amount);
			return this.accounts.saveAndFlush(account).balance;
		}

		@RetryableTransaction
		long mergeThenAdd(Account account, long amount) {
			Account managed = this.accounts.save(account);
			managed.add(amount);
			return managed.balance;
		}

		@RetryableTransaction
		void ship(long purchase) {
			this.purchases.findById(purchase).orElseThrow().items.forEach((item) -> item.shipped = true);
		}

	}

	/**
	 * Who hears of purchases.
	 */
	static class Listeners {

		@EventListener
		void at(Placed placed) {
		}

		@TransactionalEventListener
		void after(Placed placed) {
		}

	}

}
