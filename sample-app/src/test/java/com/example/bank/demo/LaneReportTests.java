package com.example.bank.demo;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.example.bank.demo.Call.Answer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LaneReportTests {

	private final UUID id = UUID.randomUUID();

	@Test
	void guaranteesHoldIfEachCallIsBookedOnce() {
		LaneReport report = report(Answer.DONE, 1);
		assertThat(report.guaranteesHeld()).isTrue();
		assertThat(report.calls()).isOne();
		assertThat(report.failed() + report.unknown() + report.lost() + report.duplicated()).isZero();
	}

	@Test
	void findsWhatWasLost() {
		LaneReport report = report(Answer.DONE, 0);
		assertThat(report.lost()).isOne();
		assertThat(report.guaranteesHeld()).isFalse();
	}

	@Test
	void findsWhatWasDuplicated() {
		LaneReport report = report(Answer.DONE, 2);
		assertThat(report.duplicated()).isOne();
		assertThat(report.guaranteesHeld()).isFalse();
	}

	@Test
	void findsWhatFailed() {
		LaneReport report = report(Answer.FAILED, 0);
		assertThat(report.failed()).isOne();
		assertThat(report.failedYetBooked()).isZero();
		assertThat(report.lost()).isZero();
		assertThat(report.guaranteesHeld()).isFalse();
	}

	@Test
	void findsWhatFailedAndWasBookedAllTheSame() {
		LaneReport report = report(Answer.FAILED, 1);
		assertThat(report.failed()).isOne();
		assertThat(report.failedYetBooked()).isOne();
		assertThat(report.guaranteesHeld()).isFalse();
	}

	@Test
	void guaranteesHoldIfAnOutcomeIsUnknown() {
		assertThat(report(Answer.UNKNOWN, 0)).returns(1L, LaneReport::unknown)
			.returns(0L, LaneReport::unknownAndBooked)
			.returns(true, LaneReport::guaranteesHeld);
		assertThat(report(Answer.UNKNOWN, 1)).returns(1L, LaneReport::unknown)
			.returns(1L, LaneReport::unknownAndBooked)
			.returns(true, LaneReport::guaranteesHeld);
	}

	@Test
	void guaranteesDoNotHoldIfAnUnknownTransferWasBookedTwice() {
		assertThat(report(Answer.UNKNOWN, 2).guaranteesHeld()).isFalse();
	}

	@Test
	void guaranteesDoNotHoldIfMoneyIsMissing() {
		LaneReport report = LaneReport.of("lane", List.of(), Map.of(), BigDecimal.TEN, BigDecimal.ONE);
		assertThat(report.guaranteesHeld()).isFalse();
	}

	private LaneReport report(Answer answer, int booked) {
		return LaneReport.of("lane", List.of(new Call(this.id, answer)), Map.of(this.id, booked), BigDecimal.TEN,
				new BigDecimal("10.00"));
	}

}
