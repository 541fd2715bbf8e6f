package com.example.bank.demo;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import com.example.bank.LedgerEntry;
import com.example.bank.demo.Call.Answer;
import io.github.resilientdb.TransactionOutcomeUnknownException;

/**
 * The clients of one of the two services. They transfer small amounts between accounts of
 * their own, never repeat a call, and keep a record of what they were told.
 */
class Lane {

	private final String name;

	private final Consumer<LedgerEntry> service;

	private final List<Long> accounts;

	private final Collection<Call> calls = new ConcurrentLinkedQueue<>();

	private final LongAdder called = new LongAdder();

	private final LongAdder failed = new LongAdder();

	private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

	Lane(String name, Consumer<LedgerEntry> service, List<Long> accounts) {
		this.name = name;
		this.service = service;
		this.accounts = accounts;
	}

	/**
	 * Be one client.
	 * @param end when to stop, as a value of {@link System#nanoTime()}
	 */
	void work(long end) {
		while (System.nanoTime() - end < 0) {
			LedgerEntry entry = randomTransfer();
			UUID id = entry.getTransferId();
			this.calls.add(new Call(id, call(entry)));
			this.called.increment();
		}
	}

	private LedgerEntry randomTransfer() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		int from = random.nextInt(this.accounts.size());
		int to = (from + random.nextInt(1, this.accounts.size())) % this.accounts.size();
		return new LedgerEntry(UUID.randomUUID(), this.accounts.get(from), this.accounts.get(to),
				BigDecimal.valueOf(random.nextLong(1, 1000), 2));
	}

	private Answer call(LedgerEntry entry) {
		try {
			this.service.accept(entry);
			return Answer.DONE;
		}
		catch (RuntimeException ex) {
			this.failures.computeIfAbsent(ex.getClass().getSimpleName(), (key) -> new LongAdder()).increment();
			if (ex instanceof TransactionOutcomeUnknownException) {
				return Answer.UNKNOWN;
			}
			this.failed.increment();
			return Answer.FAILED;
		}
	}

	String name() {
		return this.name;
	}

	List<Long> accounts() {
		return this.accounts;
	}

	Collection<Call> calls() {
		return this.calls;
	}

	long called() {
		return this.called.sum();
	}

	long failed() {
		return this.failed.sum();
	}

	/**
	 * Return what was thrown at the clients.
	 * @return how often, by the name of the exception's type
	 */
	Map<String, LongAdder> failures() {
		return this.failures;
	}

}
