package io.github.resilientdb.sweep;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.resilientdb.RetryableTransaction;
import io.github.resilientdb.RetryableTransactionTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Ordinary programs with JDBC and Spring Data JDBC.
 */
class JdbcPrograms {

	static final String[] TABLES = {
			"create table wallet (id bigserial primary key, owner text unique, amount numeric(12, 2) not null)",
			"create table booking (id bigserial primary key, wallet bigint references wallet, amount numeric(12, 2),"
					+ " booked_at timestamptz not null default now())",
			"create table basket (id bigserial primary key, version int, owner text)",
			"create table basket_line (basket bigint references basket, product text, amount int)",
			"create table label (id bigserial primary key, name text)",
			"create table outbox (id uuid primary key default gen_random_uuid(), payload jsonb)",
			"create table setting (name text primary key, value text)",
			"create function book(owner_name text, a numeric) returns numeric language sql as $$"
					+ " update wallet set amount = amount + a where owner = owner_name returning amount $$" };

	private final Service service;

	private final Retryably tx;

	private final RetryableTransactionTemplate template;

	private final JdbcTemplate jdbc;

	private final JdbcClient client;

	private final BasketRepository baskets;

	private final LabelRepository labels;

	private final ApplicationEventPublisher events;

	JdbcPrograms(Service service, Retryably tx, RetryableTransactionTemplate template, JdbcTemplate jdbc,
			JdbcClient client, BasketRepository baskets, LabelRepository labels, ApplicationEventPublisher events) {
		this.service = service;
		this.tx = tx;
		this.template = template;
		this.jdbc = jdbc;
		this.client = client;
		this.baskets = baskets;
		this.labels = labels;
		this.events = events;
	}

	void reset() {
		this.jdbc.execute("""
				delete from booking; delete from wallet; delete from basket_line; delete from basket;
				delete from label; delete from outbox; delete from setting;
				insert into wallet (id, owner, amount) values (-1, 'ann', 100), (-2, 'bob', 50);
				insert into basket (id, version, owner) values (-1, 0, 'ann');
				insert into basket_line (basket, product, amount) values (-1, 'pen', 2);
				insert into label (id, name) values (-1, 'new');
				insert into setting (name, value) values ('color', 'red')""");
	}

	List<Program> all() {
		List<Program> all = new ArrayList<>(statements());
		all.addAll(transactions());
		all.addAll(aggregates());
		return all;
	}

	private List<Program> statements() {
		return List.of(Program.returning("insert", () -> this.tx.call(() -> credit("cy", 1))),
				Program.returning("insert with generated key", () -> this.tx.call(() -> {
					KeyHolder key = new GeneratedKeyHolder();
					this.client.sql("insert into wallet (owner, amount) values ('cy', 1)").update(key, "id");
					return key.getKey();
				})),
				Program.returning("insert returning",
						() -> this.tx.call(() -> this.client
							.sql("insert into wallet (owner, amount) values ('cy', 1) returning id")
							.query(Long.class)
							.single())),
				Program.returning("simple insert",
						() -> this.tx.call(() -> new SimpleJdbcInsert(this.jdbc).withTableName("wallet")
							.usingGeneratedKeyColumns("id")
							.executeAndReturnKey(Map.of("owner", "cy", "amount", BigDecimal.ONE)))),
				Program.of("transfer", () -> this.tx.call(() -> {
					add("ann", -10);
					add("bob", 10);
					return null;
				})), Program.of("read, compute, write", () -> this.tx.call(() -> {
					BigDecimal amount = amount("ann");
					this.jdbc.update("update wallet set amount = ? where owner = 'ann'", amount.add(BigDecimal.TEN));
					return null;
				})), Program.of("read for update", () -> this.tx.call(() -> {
					BigDecimal amount = this.client.sql("select amount from wallet where owner = 'ann' for update")
						.query(BigDecimal.class)
						.single();
					this.jdbc.update("update wallet set amount = ? where owner = 'ann'", amount.add(BigDecimal.TEN));
					return null;
				})),
				Program.returning("batch",
						() -> this.tx
							.call(() -> this.jdbc.batchUpdate("insert into wallet (owner, amount) values (?, 1)",
									List.of(new Object[] { "c" }, new Object[] { "d" }, new Object[] { "e" })))),
				Program.returning("batch of statements",
						() -> this.tx
							.call(() -> this.jdbc.batchUpdate("update wallet set amount = 1 where owner = 'ann'",
									"update wallet set amount = 2 where owner = 'bob'"))),
				Program.returning("upsert", () -> this.tx.call(() -> this.client.sql("""
						insert into wallet (owner, amount) values ('ann', 5)
						on conflict (owner) do update set amount = wallet.amount + excluded.amount""").update())),
				Program.returning("merge",
						() -> this.tx.call(() -> this.client
							.sql("""
									merge into wallet w using (values ('ann', 5), ('cy', 7)) as n (owner, amount) on w.owner = n.owner
									when matched then update set amount = w.amount + n.amount
									when not matched then insert (owner, amount) values (n.owner, n.amount)""")
							.update())),
				Program.returning("with clause that writes", () -> this.tx.call(() -> this.client.sql("""
						with moved as (update wallet set amount = amount - 1 returning id, amount)
						insert into booking (wallet, amount) select id, amount from moved""").update())),
				Program.returning("delete returning",
						() -> this.tx
							.call(() -> this.client.sql("delete from wallet where owner = 'bob' returning amount")
								.query(BigDecimal.class)
								.list())),
				Program.returning("function",
						() -> this.tx
							.call(() -> this.client.sql("select book('ann', 3)").query(BigDecimal.class).single())),
				Program.returning("stream read fully", () -> this.tx.read(() -> {
					try (var rows = this.client.sql("select owner from wallet order by 1")
						.query(String.class)
						.stream()) {
						return rows.toList();
					}
				})),
				Program.returning("query for a list",
						() -> this.tx
							.read(() -> this.jdbc.queryForList("select owner, amount from wallet order by 1"))),
				Program.returning("query for nothing",
						() -> this.tx.read(() -> this.client.sql("select amount from wallet where owner = 'zoe'")
							.query(BigDecimal.class)
							.optional())),
				Program.returning("truncate and refill", () -> this.tx.call(() -> {
					this.jdbc.execute("truncate label");
					return this.jdbc.update("insert into label (name) values ('a'), ('b')");
				})), Program.of("outbox", () -> this.tx.call(() -> {
					Long id = this.client.sql("insert into wallet (owner, amount) values ('cy', 1) returning id")
						.query(Long.class)
						.single();
					return this.client.sql("insert into outbox (payload) values (jsonb_build_object('wallet', ?))")
						.param(id)
						.update();
				})), Program.of("several statements in one", () -> this.tx.call(() -> {
					this.jdbc.execute("update wallet set amount = 1; update setting set value = 'blue'");
					return null;
				})));
	}

	private List<Program> transactions() {
		return List.of(Program.returning("template", () -> this.template.execute((status) -> add("ann", 1))),
				Program.of("nested, kept", () -> this.tx.call(() -> {
					add("ann", 1);
					return this.tx.nested(() -> add("bob", 1));
				})), Program.of("nested, rolled back", () -> this.tx.call(() -> {
					add("ann", 1);
					try {
						this.tx.nested(() -> {
							add("bob", 1);
							throw new IllegalStateException("not this one");
						});
					}
					catch (IllegalStateException ex) {
						add("ann", 1);
					}
					return null;
				})), Program.of("unique violation in a nested one", () -> this.tx.call(() -> {
					try {
						this.tx.nested(() -> credit("ann", 1));
					}
					catch (DataIntegrityViolationException ex) {
						add("ann", 1);
					}
					return null;
				})), Program.returning("inner transaction that reads", () -> this.tx.call(() -> {
					BigDecimal amount = this.tx.inNew(() -> amount("bob"));
					return add("ann", amount.intValue());
				})), Program.returning("read outside of a transaction", () -> this.tx.call(() -> {
					BigDecimal amount = this.tx.without(() -> amount("bob"));
					return add("ann", amount.intValue());
				})), Program.returning("serializable", () -> this.tx.serializably(() -> {
					BigDecimal total = this.client.sql("select sum(amount) from wallet")
						.query(BigDecimal.class)
						.single();
					return this.jdbc.update("insert into booking (wallet, amount) values (-1, ?)", total);
				})), Program.of("business exception", () -> this.tx.call(() -> {
					add("ann", 1);
					throw new IllegalStateException("too poor");
				})), Program.of("business exception that keeps", () -> this.tx.keeping(() -> {
					add("ann", 1);
					throw new IllegalStateException("noted");
				})), Program.of("rolled back on purpose", () -> this.template.execute((status) -> {
					add("ann", 1);
					status.setRollbackOnly();
					return null;
				})),
				Program.of("nothing found, thrown through",
						() -> this.tx.call(() -> this.jdbc.queryForObject("select 1 where false", Integer.class))),
				Program.of("nothing found, caught inside", () -> this.tx.call(() -> {
					try {
						return this.jdbc.queryForObject("select value from setting where name = 'x'", String.class);
					}
					catch (EmptyResultDataAccessException ex) {
						return this.jdbc.update("insert into setting (name, value) values ('x', 'y')");
					}
				})), Program.of("event", () -> this.tx.call(() -> {
					add("ann", 1);
					this.events.publishEvent(new Booked("ann"));
					return null;
				})), Program.of("setting of the transaction", () -> this.tx.call(() -> {
					this.jdbc.execute("set local lock_timeout = '2s'");
					return add("ann", 1);
				})), Program.of("advisory lock", () -> this.tx.call(() -> {
					this.jdbc.execute("select pg_advisory_xact_lock(7)");
					return add("ann", 1);
				})));
	}

	private List<Program> aggregates() {
		return List.of(
				Program.returning("save a new aggregate made inside",
						() -> this.tx.call(() -> this.baskets.save(Basket.of("cy", "a", "b")))),
				Program.returning("change an aggregate", () -> this.tx.call(() -> {
					Basket basket = this.baskets.findByOwner("ann");
					basket.lines.add(new Line("ink", 1));
					return this.baskets.save(basket).version;
				})), Program.of("delete an aggregate", () -> this.tx.call(() -> {
					this.baskets.deleteById(-1L);
					return null;
				})), Program.returning("save an immutable one", () -> this.service.save(new Label(null, "x"))),
				Program.returning("save all immutable ones",
						() -> this.tx
							.call(() -> this.labels.saveAll(List.of(new Label(null, "x"), new Label(null, "y"))))),
				Program.returning("rename by query", () -> this.tx.call(() -> this.labels.rename("new", "old"))),
				Program.returning("count", () -> this.tx.read(() -> this.labels.count())),
				Program.returning("find all", () -> this.tx.read(() -> this.baskets.findAll())),
				Program.returning("save a new aggregate given as argument",
						() -> this.service.save(Basket.of("cy", "a"))),
				Program.returning("change a new aggregate given as argument",
						() -> this.service.add(Basket.of("cy", "a"))),
				Program.returning("change a loaded aggregate given as argument",
						() -> this.service.add(this.tx.read(() -> this.baskets.findByOwner("ann")))),
				Program.returning("save a loaded aggregate given as argument",
						() -> this.service.save(this.tx.read(() -> this.baskets.findByOwner("ann")))));
	}

	private int credit(String owner, int amount) {
		return this.jdbc.update("insert into wallet (owner, amount) values (?, ?)", owner, amount);
	}

	private int add(String owner, int amount) {
		return this.jdbc.update("update wallet set amount = amount + ? where owner = ?", amount, owner);
	}

	private BigDecimal amount(String owner) {
		return this.client.sql("select amount from wallet where owner = ?")
			.param(owner)
			.query(BigDecimal.class)
			.single();
	}

	/**
	 * Methods with arguments.
	 */
	static class Service {

		private final BasketRepository baskets;

		private final LabelRepository labels;

		Service(BasketRepository baskets, LabelRepository labels) {
			this.baskets = baskets;
			this.labels = labels;
		}

		@RetryableTransaction
		Basket save(Basket basket) {
			return this.baskets.save(basket);
		}

		@RetryableTransaction
		Basket add(Basket basket) {
			basket.owner += "!";
			basket.lines.add(new Line("added", 1));
			return this.baskets.save(basket);
		}

		@RetryableTransaction
		Label save(Label label) {
			return this.labels.save(label);
		}

	}

	/**
	 * Who hears of bookings.
	 */
	static class Listeners {

		@TransactionalEventListener
		void after(Booked booked) {
		}

	}

	record Booked(String owner) {

	}

	@Table("basket")
	static class Basket {

		@Id
		@Nullable Long id;

		@Version
		@Nullable Integer version;

		String owner = "";

		Set<Line> lines = new HashSet<>();

		static Basket of(String owner, String... products) {
			Basket basket = new Basket();
			basket.owner = owner;
			for (String product : products) {
				basket.lines.add(new Line(product, 1));
			}
			return basket;
		}

	}

	@Table("basket_line")
	record Line(String product, int amount) {

	}

	@Table("label")
	record Label(@Id @Nullable Long id, String name) {

	}

	interface BasketRepository extends ListCrudRepository<Basket, Long> {

		Basket findByOwner(String owner);

	}

	interface LabelRepository extends ListCrudRepository<Label, Long> {

		@Modifying
		@Query("update label set name = :to where name = :from")
		int rename(String from, String to);

	}

}
