package com.example.bank.demo;

import java.math.BigDecimal;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTests {

	@Test
	void showsBothSideBySide() {
		LaneReport plain = new LaneReport("plain", 100, 7, 2, 0, 0, 0, 0, new BigDecimal("50"), new BigDecimal("49.5"));
		LaneReport retryable = new LaneReport("retryable", 90, 0, 0, 3, 1, 4, 5, BigDecimal.TEN, BigDecimal.TEN);
		assertThat(new Report(plain, retryable).table().lines().map((line) -> line.trim().replaceAll(" {2,}", "|")))
			.containsExactly("plain|retryable", "calls|100|90", "failed|7|0", "and yet booked|2|0",
					"outcome unknown|0|3", "and booked|0|1", "lost|0|4", "duplicated|0|5",
					"balances, expected|50.00|10.00", "balances, actual|49.50|10.00");
	}

	@Test
	void isJudgedByTheRetryableTransactions() {
		LaneReport good = new LaneReport("good", 1, 0, 0, 0, 0, 0, 0, BigDecimal.TEN, BigDecimal.TEN);
		LaneReport bad = new LaneReport("bad", 1, 1, 0, 0, 0, 0, 0, BigDecimal.TEN, BigDecimal.TEN);
		assertThat(new Report(bad, good).guaranteesHeld()).isTrue();
		assertThat(new Report(good, bad).guaranteesHeld()).isFalse();
	}

}
