package com.example.bank.trial;

import org.jspecify.annotations.Nullable;

/**
 * What a bank does at the moment.
 *
 * @param lane the bank
 * @param answered how many calls were answered since the trial began
 * @param failed how many of them with an exception
 * @param reruns how often a call was begun again
 * @param p50 the latency in ms below which half of the calls of the last two seconds
 * stayed, {@code null} if there were none
 * @param p99 that of 99 of 100 calls
 * @param waiting for how many ms the oldest call under way waits
 */
public record LaneSample(LaneKind lane, long answered, long failed, long reruns, @Nullable Double p50,
		@Nullable Double p99, long waiting) {

	static LaneSample of(Lane lane) {
		long[] latencies = lane.latencies().recent(System.nanoTime());
		boolean none = latencies.length == 0;
		return new LaneSample(lane.kind(), lane.answered(), lane.failed(), lane.observer().reruns(),
				none ? null : Latencies.percentile(latencies, 0.5), none ? null : Latencies.percentile(latencies, 0.99),
				lane.longestWait().toMillis());
	}

}
