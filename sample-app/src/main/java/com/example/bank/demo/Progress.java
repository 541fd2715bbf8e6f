package com.example.bank.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * A line a second.
 */
class Progress {

	private static final String ROW = "%6s  %10s %8s    %10s %8s %8s    %s";

	private final List<Counter> counters;

	private final BlockingQueue<String> broken = new LinkedBlockingQueue<>();

	Progress(Lane plain, Lane retryable, LongSupplier reruns) {
		this.counters = List.of(new Counter(plain::called), new Counter(plain::failed), new Counter(retryable::called),
				new Counter(retryable::failed), new Counter(reruns));
	}

	void broken(String what) {
		this.broken.add(what);
	}

	String header(Lane plain, Lane retryable) {
		return String.format(Locale.ROOT, "%6s  %19s    %28s%n", "", plain.name(), retryable.name()) + String
			.format(Locale.ROOT, ROW, "second", "calls", "failed", "calls", "failed", "rerun", "what was broken");
	}

	/**
	 * Return what happened since the last time.
	 * @param second the second that is over
	 * @return a line
	 */
	String line(int second) {
		List<Object> columns = new ArrayList<>();
		columns.add(second);
		this.counters.forEach((counter) -> columns.add(counter.increase()));
		columns.add(brokenSince());
		return String.format(Locale.ROOT, ROW, columns.toArray());
	}

	private String brokenSince() {
		List<String> faults = new ArrayList<>();
		this.broken.drainTo(faults);
		Map<String, Long> counts = faults.stream()
			.collect(Collectors.groupingBy((fault) -> fault, TreeMap::new, Collectors.counting()));
		return counts.entrySet()
			.stream()
			.map((entry) -> (entry.getValue() > 1) ? entry.getKey() + " (" + entry.getValue() + " times)"
					: entry.getKey())
			.collect(Collectors.joining(", "));
	}

	private static final class Counter {

		private final LongSupplier total;

		private long last;

		Counter(LongSupplier total) {
			this.total = total;
		}

		long increase() {
			long before = this.last;
			this.last = this.total.getAsLong();
			return this.last - before;
		}

	}

}
