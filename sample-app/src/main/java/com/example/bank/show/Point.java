package com.example.bank.show;

import java.util.ArrayList;
import java.util.List;

import com.example.bank.trial.LaneSample;
import org.jspecify.annotations.Nullable;

/**
 * One point of each chart.
 *
 * @param time when, in milliseconds since 1970
 * @param lanes what each bank did since the point before
 * @param faults what was broken
 */
record Point(long time, List<LanePoint> lanes, List<String> faults) {

	static Point between(long time, List<LaneSample> before, List<LaneSample> now, double seconds,
			List<String> faults) {
		List<LanePoint> lanes = new ArrayList<>();
		for (int i = 0; i < now.size(); i++) {
			LaneSample sample = now.get(i);
			long answered = sample.answered() - before.get(i).answered();
			long failed = sample.failed() - before.get(i).failed();
			lanes.add(new LanePoint((answered - failed) / seconds, failed / seconds, sample.p50(), sample.p99()));
		}
		return new Point(time, lanes, faults);
	}

	/**
	 * One point of the charts of a bank.
	 *
	 * @param done how many calls a second returned
	 * @param failed how many calls a second threw something
	 * @param p50 the median of the latency, in milliseconds
	 * @param p99 the 99th percentile of the latency, in milliseconds
	 */
	record LanePoint(double done, double failed, @Nullable Double p50, @Nullable Double p99) {

	}

}
