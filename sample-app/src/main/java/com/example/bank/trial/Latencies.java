package com.example.bank.trial;

import java.time.Duration;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * How long calls took lately.
 */
class Latencies {

	private static final Duration WINDOW = Duration.ofSeconds(2);

	private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();

	void add(long ended, long nanos) {
		this.samples.add(new Sample(ended, nanos));
	}

	/**
	 * Return the latencies, in order, of calls that ended within the last two seconds.
	 */
	long[] recent(long now) {
		this.samples.removeIf((sample) -> now - sample.ended() > WINDOW.toNanos());
		long[] recent = this.samples.stream().mapToLong(Sample::nanos).toArray();
		Arrays.sort(recent);
		return recent;
	}

	/**
	 * Return the latency below which a share of the calls stayed.
	 * @param sorted the latencies, in order, at least one
	 * @param share the share, from 0 to 1
	 * @return the latency in milliseconds
	 */
	static double percentile(long[] sorted, double share) {
		int place = (int) Math.ceil(share * sorted.length) - 1;
		return sorted[Math.max(0, place)] / 1_000_000.0;
	}

	private record Sample(long ended, long nanos) {

	}

}
