package com.example.bank.trial;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

import io.github.resilientdb.RetryableTransactionEvent;
import io.github.resilientdb.TransactionOutcomeUnknownException;
import org.jspecify.annotations.Nullable;

/**
 * A bank and its clients. Each call transfers a small amount from a customer to a shop;
 * clients never repeat a call, and keep a record of what they were told.
 */
class Lane implements AutoCloseable {

	private final LaneKind kind;

	private final Bank bank;

	private final Transfers transfers;

	private final BankObserver observer;

	private final List<Long> customers;

	private final List<Long> shops;

	private final CallBook book = new CallBook();

	private final Latencies latencies = new Latencies();

	private final Clients clients;

	private final LongAdder answered = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final Map<String, LongAdder> reasons = new ConcurrentHashMap<>();

	private final Duration deadline;

	Lane(LaneKind kind, Bank bank, List<Long> customers, List<Long> shops, Duration deadline) {
		this.kind = kind;
		this.bank = bank;
		this.transfers = bank.transfers();
		this.observer = bank.observer();
		this.customers = customers;
		this.shops = shops;
		this.deadline = deadline;
		this.clients = new Clients(kind.id(), this::call);
	}

	void call() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		long from = this.customers.get(random.nextInt(this.customers.size()));
		long to = this.shops.get(random.nextInt(this.shops.size()));
		long cents = random.nextLong(1, 1000);
		Call call = this.book.begin(UUID.randomUUID(), cents, System.nanoTime());
		Answer answer = transfer(call, from, to);
		long now = System.nanoTime();
		this.book.end(call, answer, now);
		this.latencies.add(now, now - call.began());
		this.answered.increment();
		if (answer != Answer.DONE) {
			this.failed.increment();
		}
	}

	private Answer transfer(Call call, long from, long to) {
		try {
			this.transfers.transfer(call.transferId(), from, to, BigDecimal.valueOf(call.cents(), 2));
			return Answer.DONE;
		}
		catch (TransactionOutcomeUnknownException ex) {
			this.observer.takeExhausted();
			told("nobody knows: " + ex.getReason());
			return Answer.UNKNOWN;
		}
		catch (RuntimeException ex) {
			RetryableTransactionEvent.Exhausted exhausted = this.observer.takeExhausted();
			told(ex.getClass().getSimpleName()
					+ ((exhausted != null) ? " after " + exhausted.attempts() + " attempts" : ""));
			return isAtDeadline(exhausted, System.nanoTime() - call.began()) ? Answer.GAVE_UP : Answer.FAILED;
		}
	}

	/**
	 * Whether nothing but time was missing: whatever else ends a call has failed.
	 */
	private boolean isAtDeadline(RetryableTransactionEvent.@Nullable Exhausted exhausted, long nanos) {
		return exhausted != null && exhausted.outcome().equals("exhausted")
				&& nanos >= this.deadline.minusSeconds(2).toNanos();
	}

	private void told(String reason) {
		this.reasons.computeIfAbsent(reason, (key) -> new LongAdder()).increment();
	}

	/**
	 * Compare the record of the clients with the database.
	 * @param snapshot the database, at one moment
	 * @param before a time before that moment
	 */
	LaneReport report(LedgerSnapshot snapshot, long before) throws SQLException {
		List<Call> open = this.book.open();
		Map<UUID, Integer> booked = snapshot.booked(open.stream().map(Call::transferId).toList());
		BigDecimal actual = snapshot.balance(this.customers);
		Tally tally = this.book.compare(open, booked, before);
		return LaneReport.of(this.kind, tally, this.observer.reruns(), this.observer.lookedUp(), paidIn(), actual,
				reasons());
	}

	LaneReport emptyReport() {
		return LaneReport.of(this.kind, Tally.NONE, 0, 0, paidIn(), paidIn(), Map.of());
	}

	private BigDecimal paidIn() {
		return Trial.BALANCE.multiply(BigDecimal.valueOf(this.customers.size()));
	}

	private Map<String, Long> reasons() {
		Map<String, Long> counts = new TreeMap<>();
		this.reasons.forEach((reason, count) -> counts.put(reason, count.sum()));
		return counts;
	}

	LaneKind kind() {
		return this.kind;
	}

	BankObserver observer() {
		return this.observer;
	}

	Clients clients() {
		return this.clients;
	}

	long answered() {
		return this.answered.sum();
	}

	/**
	 * Return how many calls ended with an exception, of whatever kind.
	 */
	long failed() {
		return this.failed.sum();
	}

	Latencies latencies() {
		return this.latencies;
	}

	Duration longestWait() {
		return this.book.longestWait(System.nanoTime());
	}

	@Override
	public void close() {
		this.clients.close();
		this.bank.close();
	}

}
