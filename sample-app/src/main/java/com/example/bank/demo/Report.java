package com.example.bank.demo;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.function.Function;

/**
 * What became of the same work, under the same faults, with and without resilient-db.
 *
 * @param plain what became of it with Spring Boot alone
 * @param retryable what became of it with resilient-db
 */
public record Report(LaneReport plain, LaneReport retryable) {

	/**
	 * Return whether resilient-db kept its promises.
	 * @return whether the guarantees of {@code @RetryableTransaction} held
	 */
	public boolean guaranteesHeld() {
		return this.retryable.guaranteesHeld();
	}

	String table() {
		StringBuilder table = new StringBuilder();
		row(table, "", LaneReport::name);
		row(table, "calls", LaneReport::calls);
		row(table, "failed", LaneReport::failed);
		row(table, "  and yet booked", LaneReport::failedYetBooked);
		row(table, "outcome unknown", LaneReport::unknown);
		row(table, "  and booked", LaneReport::unknownAndBooked);
		row(table, "lost", LaneReport::lost);
		row(table, "duplicated", LaneReport::duplicated);
		row(table, "balances, expected", (lane) -> money(lane.paidIn()));
		row(table, "balances, actual", (lane) -> money(lane.balances()));
		return table.toString();
	}

	private void row(StringBuilder table, String label, Function<LaneReport, Object> value) {
		table.append(String.format(Locale.ROOT, "%-20s %22s %22s%n", label, value.apply(this.plain),
				value.apply(this.retryable)));
	}

	private String money(BigDecimal amount) {
		return String.format(Locale.ROOT, "%.2f", amount);
	}

}
