package com.example.bank.trial;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What the clients of one bank were told, compared with what is in the database.
 *
 * @param lane the bank
 * @param calls how many transfers were asked for and answered
 * @param failed how many clients were told that it failed
 * @param gaveUp how many calls ran out of time; nothing of these was done
 * @param unknown how many clients were told that nobody can know
 * @param failedYetBooked how many transfers were said to have failed and are booked
 * @param bookedTwice how many transfers are booked more than once
 * @param lost how many transfers were said to be done and are not booked
 * @param reruns how often a call was begun again
 * @param lookedUp of how many COMMITs the outcome was looked up
 * @param expected how much should be on the customers' accounts
 * @param actual how much is there
 * @param reasons what the clients were told, and how often
 */
public record LaneReport(LaneKind lane, long calls, long failed, long gaveUp, long unknown, long failedYetBooked,
		long bookedTwice, long lost, long reruns, long lookedUp, BigDecimal expected, BigDecimal actual,
		Map<String, Long> reasons) {

	static LaneReport of(LaneKind lane, Tally tally, long reruns, long lookedUp, BigDecimal paidIn, BigDecimal actual,
			Map<String, Long> reasons) {
		return new LaneReport(lane, tally.calls(), tally.failed(), tally.gaveUp(), tally.unknown(),
				tally.failedYetBooked(), tally.bookedTwice(), tally.lost(), reruns, lookedUp,
				paidIn.subtract(BigDecimal.valueOf(tally.expectedCents(), 2)), actual, reasons);
	}

	/**
	 * Return whether every call was booked once, or its client was told the truth. A call
	 * that ran out of time, or whose outcome nobody can know, breaks no guarantee as long
	 * as it says so.
	 * @return whether the guarantees of a retryable transaction held
	 */
	public boolean guaranteesHeld() {
		return this.failed == 0 && this.failedYetBooked == 0 && this.bookedTwice == 0 && this.lost == 0
				&& this.actual.compareTo(this.expected) == 0;
	}

}
