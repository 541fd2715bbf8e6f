package com.example.bank.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import com.example.bank.AccountService;
import com.example.bank.BankApplication;
import com.example.bank.TransferService;
import com.example.bank.embedded.EmbeddedDatabase;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.Assert;

/**
 * Two banks on one database do the same work at the same time while the database is
 * broken: this one, and one without resilient-db, whose transfers have Spring's
 * {@code @Transactional}. In the end, what their clients were told is compared with what
 * is in the ledger.
 */
public class Demonstration {

	private static final int ACCOUNTS = 16;

	private static final BigDecimal BALANCE = new BigDecimal(1_000_000);

	/**
	 * How many seconds a call may take on top.
	 */
	private static final int GRACE = 120;

	private final DemoProperties properties;

	private final EmbeddedDatabase database;

	private final AccountService accounts;

	private final TransferService transfers;

	private final Reruns reruns;

	private final JdbcClient jdbcClient;

	private final Consumer<String> console = System.out::println;

	Demonstration(DemoProperties properties, EmbeddedDatabase database, AccountService accounts,
			TransferService transfers, Reruns reruns, JdbcClient jdbcClient) {
		this.properties = properties;
		this.database = database;
		this.accounts = accounts;
		this.transfers = transfers;
		this.reruns = reruns;
		this.jdbcClient = jdbcClient;
	}

	/**
	 * Do the work, break the database meanwhile, and tell what came of it.
	 * @return what came of it
	 */
	public Report run() {
		this.console.accept("Starting the bank without resilient-db beside this one");
		try (ConfigurableApplicationContext plainBank = startPlainBank()) {
			Lane plain = new Lane("@Transactional", plainBank.getBean(PlainTransferService.class)::transfer,
					openAccounts());
			Lane retryable = new Lane("@RetryableTransaction", this.transfers::transfer, openAccounts());
			work(plain, retryable);
			Map<UUID, Integer> ledger = readLedger();
			Report report = new Report(report(plain, ledger), report(retryable, ledger));
			print(report, plain, retryable);
			return report;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("The demonstration was interrupted", ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The demonstration did not come to its end", ex.getCause());
		}
	}

	private ConfigurableApplicationContext startPlainBank() {
		return new SpringApplicationBuilder(BankApplication.class).web(WebApplicationType.NONE)
			.profiles("demo", "postgres")
			.run("--resilientdb.enabled=false", "--spring.datasource.url=" + this.database.getJdbcUrl(),
					"--spring.datasource.username=" + this.database.getUsername());
	}

	private List<Long> openAccounts() {
		return LongStream.range(0, ACCOUNTS)
			.map((number) -> this.accounts.open("Customer " + number, BALANCE).getId())
			.boxed()
			.toList();
	}

	private void work(Lane plain, Lane retryable) throws InterruptedException, ExecutionException {
		Progress progress = new Progress(plain, retryable, this.reruns::count);
		FaultSchedule faults = new FaultSchedule(this.database, this.properties.duration(), progress::broken);
		long end = System.nanoTime() + this.properties.duration().toNanos();
		List<Callable<Object>> tasks = new ArrayList<>();
		tasks.add(() -> {
			faults.run();
			return faults;
		});
		for (int i = 0; i < this.properties.threads(); i++) {
			tasks.add(Executors.callable(() -> plain.work(end)));
			tasks.add(Executors.callable(() -> retryable.work(end)));
		}
		this.console.accept(progress.header(plain, retryable));
		runAll(tasks, progress);
	}

	private void runAll(List<Callable<Object>> tasks, Progress progress)
			throws InterruptedException, ExecutionException {
		ExecutorService executor = Executors.newFixedThreadPool(tasks.size());
		try {
			List<Future<Object>> running = tasks.stream().map(executor::submit).toList();
			executor.shutdown();
			long limit = this.properties.duration().toSeconds() + GRACE;
			for (int second = 1; !executor.awaitTermination(1, TimeUnit.SECONDS); second++) {
				Assert.state(second < limit, "A call does not come to its end");
				this.console.accept(progress.line(second));
			}
			for (Future<Object> task : running) {
				task.get();
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private Map<UUID, Integer> readLedger() {
		Map<UUID, Integer> ledger = new HashMap<>();
		this.jdbcClient.sql("select transfer_id from ledger_entry")
			.query(UUID.class)
			.list()
			.forEach((id) -> ledger.merge(id, 1, Integer::sum));
		return ledger;
	}

	private LaneReport report(Lane lane, Map<UUID, Integer> ledger) {
		BigDecimal balances = this.jdbcClient.sql("select sum(balance) from account where id in (:ids)")
			.param("ids", lane.accounts())
			.query(BigDecimal.class)
			.single();
		return LaneReport.of(lane.name(), lane.calls(), ledger, BALANCE.multiply(BigDecimal.valueOf(ACCOUNTS)),
				balances);
	}

	private void print(Report report, Lane... lanes) {
		this.console.accept("");
		this.console.accept(report.table());
		for (Lane lane : lanes) {
			if (!lane.failures().isEmpty()) {
				this.console.accept("Callers of " + lane.name() + " saw: "
						+ lane.failures()
							.entrySet()
							.stream()
							.map((entry) -> entry.getValue() + " × " + entry.getKey())
							.collect(Collectors.joining(", ")));
			}
		}
		this.console
			.accept("The guarantees of @RetryableTransaction " + (report.guaranteesHeld() ? "held." : "did NOT hold."));
	}

}
