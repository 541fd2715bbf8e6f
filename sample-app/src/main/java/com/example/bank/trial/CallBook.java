package com.example.bank.trial;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The record that the clients of one bank keep. A call stays in it until it has been
 * compared with the ledger for the last time; of older ones only the tally is kept.
 */
class CallBook {

	/**
	 * What is under way when a client is told that it failed arrives within this time.
	 */
	static final Duration PATIENCE = Duration.ofSeconds(2);

	private final Map<UUID, Call> calls = new ConcurrentHashMap<>();

	private Tally older = Tally.NONE;

	Call begin(UUID transferId, long cents, long now) {
		Call call = Call.begin(transferId, cents, now);
		this.calls.put(transferId, call);
		return call;
	}

	void end(Call call, Answer answer, long now) {
		this.calls.put(call.transferId(), call.end(answer, now));
	}

	/**
	 * Return the calls that have to be compared with the ledger: all that may be in a
	 * snapshot of it that was taken before.
	 * @return the calls, as they are now
	 */
	List<Call> open() {
		return List.copyOf(this.calls.values());
	}

	/**
	 * Return how long the oldest call waits for its answer.
	 */
	Duration longestWait(long now) {
		long longest = this.calls.values()
			.stream()
			.filter((call) -> call.answer() == null)
			.mapToLong((call) -> now - call.began())
			.max()
			.orElse(0);
		return Duration.ofNanos(longest);
	}

	/**
	 * Compare calls with a snapshot of the ledger.
	 * @param open the calls, read after the snapshot was taken
	 * @param booked how often transfers are booked in the snapshot
	 * @param before a time before the snapshot was taken
	 * @return the tally of all calls, as of then
	 */
	synchronized Tally compare(Collection<Call> open, Map<UUID, Integer> booked, long before) {
		Tally recent = Tally.NONE;
		for (Call call : open) {
			Tally one = Tally.of(call.asOf(before), booked.getOrDefault(call.transferId(), 0));
			if (call.isOver(before, PATIENCE)) {
				this.older = this.older.plus(one);
				this.calls.remove(call.transferId());
			}
			else {
				recent = recent.plus(one);
			}
		}
		return this.older.plus(recent);
	}

}
