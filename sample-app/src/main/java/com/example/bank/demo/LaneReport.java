package com.example.bank.demo;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntPredicate;

import com.example.bank.demo.Call.Answer;

/**
 * What the clients were told, compared with what is in the ledger.
 *
 * @param name the name of the service
 * @param calls how many transfers were asked for
 * @param failed how many calls failed
 * @param failedYetBooked how many of those are in the ledger all the same
 * @param unknown how many calls ended with an unknown outcome
 * @param unknownAndBooked how many of those are in the ledger
 * @param lost how many calls returned and are not in the ledger
 * @param duplicated how many transfers are in the ledger more than once
 * @param paidIn how much was paid in when the accounts were opened
 * @param balances how much is on the accounts now
 */
public record LaneReport(String name, long calls, long failed, long failedYetBooked, long unknown,
		long unknownAndBooked, long lost, long duplicated, BigDecimal paidIn, BigDecimal balances) {

	static LaneReport of(String name, Collection<Call> calls, Map<UUID, Integer> ledger, BigDecimal paidIn,
			BigDecimal balances) {
		Tally tally = new Tally(calls, ledger);
		return new LaneReport(name, calls.size(), tally.count(Answer.FAILED, (booked) -> true),
				tally.count(Answer.FAILED, (booked) -> booked > 0), tally.count(Answer.UNKNOWN, (booked) -> true),
				tally.count(Answer.UNKNOWN, (booked) -> booked > 0), tally.count(Answer.DONE, (booked) -> booked == 0),
				tally.count((booked) -> booked > 1), paidIn, balances);
	}

	/**
	 * Return whether no call failed but those whose outcome nobody can know, and whether
	 * all others were booked exactly once.
	 * @return whether the guarantees of a retryable transaction held
	 */
	boolean guaranteesHeld() {
		return this.failed == 0 && this.lost == 0 && this.duplicated == 0 && this.balances.compareTo(this.paidIn) == 0;
	}

	private record Tally(Collection<Call> calls, Map<UUID, Integer> ledger) {

		long count(Answer answer, IntPredicate booked) {
			return this.calls.stream().filter((call) -> call.answer() == answer && matches(call, booked)).count();
		}

		long count(IntPredicate booked) {
			return this.calls.stream().filter((call) -> matches(call, booked)).count();
		}

		private boolean matches(Call call, IntPredicate booked) {
			return booked.test(this.ledger.getOrDefault(call.transferId(), 0));
		}

	}

}
