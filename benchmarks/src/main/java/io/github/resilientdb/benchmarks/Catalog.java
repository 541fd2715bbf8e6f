package io.github.resilientdb.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import javax.sql.DataSource;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * All benchmarks.
 */
final class Catalog {

	private static final Duration FAR = Duration.ofMillis(5);

	private static final Duration NEAR = Duration.ofNanos(500_000);

	private static final String WITHOUT_BYPASS = "-Dcom.zaxxer.hikari.aliveBypassWindowMs=-1";

	private static final String TEMPORARY_TABLE = "spring.datasource.hikari.connection-init-sql="
			+ "create temporary table line (id int, text text) on commit delete rows";

	private static final List<Benchmark> ALL = List.of(
			new Benchmark("checkout", "checkout and return, one thread", pools(Statements::checkout),
					Target.of(Measure.EXTRA_TIME, 6_000), Target.of(Measure.EXTRA_BYTES, 200),
					Target.of(Measure.EXTRA_MESSAGES, 0)),
			new Benchmark("checkout-8", "checkout and return, 8 threads", pools(Statements::checkout),
					Target.of(Measure.EXTRA_TIME, 6_000), Target.of(Measure.EXTRA_BYTES, 200),
					Target.of(Measure.EXTRA_MESSAGES, 0))
				.threads(8),
			new Benchmark("network", "one statement, 5 ms round trip", pools(Statements::query),
					Target.of(Measure.THROUGHPUT, 0.99), Target.of(Measure.EXTRA_MESSAGES, 0))
				.roundTrip(FAR),
			new Benchmark("network-idle", "the same, idle for longer than ping-after: both ping",
					pools(Statements::query, "resilientdb.pool.ping-after=0ms"), Target.none(Measure.THROUGHPUT),
					Target.none(Measure.EXTRA_MESSAGES))
				.roundTrip(FAR)
				.jvmArguments(WITHOUT_BYPASS),
			new Benchmark("write", "transaction of one UPDATE, fsync", pools(Statements::write),
					Target.of(Measure.THROUGHPUT, 0.97)),
			new Benchmark("read", "transaction of one SELECT", pools(Statements::read),
					Target.of(Measure.THROUGHPUT, 0.93)),
			new Benchmark("watchdog",
					"transaction of 100 SELECTs with the watchdog, against without: at most 0.1 µs each",
					Catalog::watched, Target.of(Measure.EXTRA_TIME, 10_000), Target.of(Measure.EXTRA_BYTES, 100)),
			new Benchmark("socket-result", "1 MB result", pools(Statements::largeResult),
					Target.of(Measure.THROUGHPUT, 0.97)),
			new Benchmark("socket-batch", "batch of 10,000 rows", pools(Statements::batch, TEMPORARY_TABLE),
					Target.of(Measure.THROUGHPUT, 0.97)),
			new Benchmark("mode-none", "open and close a connection, 8 threads, against DriverManager",
					Catalog::unpooled, Target.of(Measure.THROUGHPUT, 0.9))
				.threads(8),
			commit("commit-marker", "marker", 1.10), commit("commit-marker-near", "marker", 1.03).roundTrip(NEAR),
			commit("commit-xid", "xid", 1.15), commit("commit-xid-near", "xid", 1.35).roundTrip(NEAR),
			readOnly("commit-marker-read-only", "marker"), readOnly("commit-xid-read-only", "xid"),
			startup("startup", "an application with JDBC, until it has started", BankApplication.class),
			startup("startup-jpa", "an application with Spring Data JPA and meters, until it has started",
					AccountsApplication.class),
			new Benchmark("startup-call", "the same, until it has run its first transaction", Catalog::firstCall,
					Target.none(Measure.EXTRA_STARTUP)),
			new Benchmark("retry", "@RetryableTransaction against @Transactional, no database", Catalog::retryable,
					Target.none(Measure.EXTRA_TIME), Target.none(Measure.EXTRA_BYTES)),
			new Benchmark("retry-entity",
					"@RetryableTransaction with an entity of ten attributes among the arguments, against a text",
					Catalog::withEntity, Target.of(Measure.EXTRA_TIME, 2_000), Target.none(Measure.EXTRA_BYTES)),
			new Benchmark("observe", "@RetryableTransaction with Micrometer against without, no database",
					Catalog::observed, Target.of(Measure.EXTRA_TIME, 2_000), Target.of(Measure.EXTRA_BYTES, 300)));

	private Catalog() {
	}

	static List<Benchmark> all() {
		return ALL;
	}

	static Benchmark get(String name) {
		return ALL.stream()
			.filter((benchmark) -> benchmark.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("No benchmark " + name));
	}

	private static Benchmark commit(String name, String verification, double limit) {
		String description = "retryable transaction of one UPDATE and one INSERT, fsync, verified by " + verification;
		return new Benchmark(name, description, bank(Bank::transfer, "resilientdb.commit.verification=" + verification),
				Target.of(Measure.LATENCY, limit));
	}

	private static Benchmark readOnly(String name, String verification) {
		String description = "retryable read-only transaction of one SELECT, verification by " + verification;
		return new Benchmark(name, description, bank(Bank::balance, "resilientdb.commit.verification=" + verification),
				Target.none(Measure.LATENCY), Target.of(Measure.EXTRA_MESSAGES, 0));
	}

	private static Benchmark.Contenders pools(Function<DataSource, Operation> operation, String... properties) {
		return (surroundings) -> new Pair(operation.apply(surroundings.plainPool(properties)),
				operation.apply(surroundings.guardedPool(properties)));
	}

	private static Pair unpooled(Surroundings surroundings) {
		return new Pair(() -> surroundings.connect().close(),
				Statements.checkout(surroundings.guardedPool("resilientdb.pool.mode=none")));
	}

	private static Pair watched(Surroundings surroundings) {
		return new Pair(Statements.reads(surroundings.guardedPool("resilientdb.watchdog.enabled=false")),
				Statements.reads(surroundings.guardedPool()));
	}

	private static Benchmark.Contenders bank(BankCall call, String... properties) {
		return (surroundings) -> {
			Bank plain = surroundings.start(BankApplication.class, "resilientdb.enabled=false").getBean(Bank.class);
			Bank ours = surroundings.start(BankApplication.class, properties).getBean(Bank.class);
			return new Pair(() -> call.on(plain), () -> call.on(ours));
		};
	}

	private static Benchmark startup(String name, String description, Class<?> application) {
		return new Benchmark(name, description,
				(surroundings) -> new Pair(() -> surroundings.start(application, "resilientdb.enabled=false"),
						() -> surroundings.start(application)),
				Target.of(Measure.EXTRA_STARTUP, 150_000_000));
	}

	private static Pair firstCall(Surroundings surroundings) {
		return new Pair(() -> call(surroundings.start(AccountsApplication.class, "resilientdb.enabled=false")),
				() -> call(surroundings.start(AccountsApplication.class)));
	}

	private static void call(ConfigurableApplicationContext context) {
		context.getBean(Accounts.class).deposit();
	}

	private static Pair retryable(Surroundings surroundings) {
		Bystander plain = bystander(surroundings, Surroundings.UNOBSERVED, "resilientdb.enabled=false");
		Bystander ours = bystander(surroundings, Surroundings.UNOBSERVED);
		return new Pair(plain::call, ours::call);
	}

	private static Pair withEntity(Surroundings surroundings) {
		Bystander bystander = surroundings.start(EntityBystanderApplication.class, Surroundings.UNOBSERVED)
			.getBean(Bystander.class);
		Object entity = new Customer();
		Object text = entity.toString();
		return new Pair(() -> bystander.call(text), () -> bystander.call(entity));
	}

	private static Pair observed(Surroundings surroundings) {
		Bystander plain = bystander(surroundings, Surroundings.UNOBSERVED);
		Bystander ours = bystander(surroundings);
		return new Pair(plain::call, ours::call);
	}

	private static Bystander bystander(Surroundings surroundings, String... properties) {
		return surroundings.start(BystanderApplication.class, properties).getBean(Bystander.class);
	}

	/**
	 * What is asked of the bank.
	 */
	@FunctionalInterface
	private interface BankCall {

		void on(Bank bank);

	}

}
