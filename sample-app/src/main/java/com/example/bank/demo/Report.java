package com.example.bank.demo;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import com.example.bank.trial.LaneReport;

/**
 * What became of the same work, under the same faults, in the three banks.
 *
 * @param plain with Spring Boot alone
 * @param naive with a retry around it
 * @param retryable with resilient-db
 */
record Report(LaneReport plain, LaneReport naive, LaneReport retryable) {

	private static final int WIDTH = 80;

	static Report of(List<LaneReport> reports) {
		return new Report(reports.get(0), reports.get(1), reports.get(2));
	}

	boolean guaranteesHeld() {
		return this.retryable.guaranteesHeld();
	}

	/**
	 * Return all figures.
	 * @return lines of 80 columns at most
	 */
	List<String> table() {
		List<String> table = new ArrayList<>();
		row(table, "", (lane) -> lane.lane().annotation());
		row(table, "calls", LaneReport::calls);
		row(table, "told \"failed\"", LaneReport::failed);
		row(table, "failed, yet booked", LaneReport::failedYetBooked);
		row(table, "booked twice", LaneReport::bookedTwice);
		row(table, "lost", LaneReport::lost);
		row(table, "gave up (deadline)", LaneReport::gaveUp);
		row(table, "outcome unknown", LaneReport::unknown);
		row(table, "calls rerun", LaneReport::reruns);
		row(table, "COMMITs looked up", LaneReport::lookedUp);
		row(table, "balances, expected", (lane) -> money(lane.expected()));
		row(table, "balances, actual", (lane) -> money(lane.actual()));
		return table;
	}

	private void row(List<String> table, String label, Function<LaneReport, Object> value) {
		table.add(text("%-20s%16s%18s%24s", label, value.apply(this.plain), value.apply(this.naive),
				value.apply(this.retryable)));
	}

	private static String money(BigDecimal amount) {
		return text("%.2f", amount);
	}

	/**
	 * Return what the callers saw.
	 * @return lines of 80 columns at most
	 */
	List<String> reasons() {
		List<String> lines = new ArrayList<>();
		for (LaneReport lane : List.of(this.plain, this.naive, this.retryable)) {
			if (!lane.reasons().isEmpty()) {
				lines.add("Callers of " + lane.lane().annotation() + " saw:");
				lane.reasons().forEach((reason, count) -> lines.add(shorten(text("%6d %s", count, reason))));
			}
		}
		return lines;
	}

	// the same in any locale
	private static String text(String format, Object... arguments) {
		return String.format(Locale.ROOT, format, arguments);
	}

	private static String shorten(String line) {
		return (line.length() <= WIDTH) ? line : line.substring(0, WIDTH - 3) + "...";
	}

	/**
	 * Return what that means.
	 * @return three lines of 80 columns at most
	 */
	List<String> verdict() {
		return List.of(
				text("%s: %d calls \"failed\", and %d of these transfers are booked.", this.plain.lane().annotation(),
						this.plain.failed(), this.plain.failedYetBooked()),
				text("%s: %d transfers are booked twice, and nobody was told.", this.naive.lane().annotation(),
						this.naive.bookedTwice()),
				guarantees());
	}

	private String guarantees() {
		String start = "The guarantees of " + this.retryable.lane().annotation();
		if (!guaranteesHeld()) {
			return start + " did NOT hold, see above.";
		}
		long told = this.retryable.gaveUp() + this.retryable.unknown();
		return start + ((told == 0) ? " held: each call was booked exactly once."
				: text(" held; %d gave up or unknown.", told));
	}

}
