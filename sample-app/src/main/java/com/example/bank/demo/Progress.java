package com.example.bank.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

import com.example.bank.trial.LaneSample;

/**
 * A line a second, of 80 columns at most. It goes on in the next one if several things
 * are broken.
 */
class Progress {

	private static final String HEADER = """
			    |A: plain    |B: naive retry    |C: resilient-db   |
			time|calls failed|calls failed rerun|calls failed rerun| broken""";

	private static final String ROW = "%3ds|%5d%7d|%5d%7d%6d|%5d%7d%6d| %s";

	private static final String NEXT_ROW = "\n    |            |                  |                  | ";

	private List<Long> last = List.of(0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);

	String header() {
		return HEADER;
	}

	/**
	 * Return what happened since the last time.
	 * @param second the second that is over
	 * @param samples what the banks have done until now
	 * @param broken what is broken, or was a moment ago
	 * @return a line, or several
	 */
	String line(long second, List<LaneSample> samples, Collection<String> broken) {
		List<Long> now = totals(samples);
		List<Object> columns = new ArrayList<>();
		columns.add(second);
		for (int i = 0; i < now.size(); i++) {
			columns.add(now.get(i) - this.last.get(i));
		}
		columns.add(String.join("," + NEXT_ROW, broken));
		this.last = now;
		return String.format(Locale.ROOT, ROW, columns.toArray()).stripTrailing();
	}

	private static List<Long> totals(List<LaneSample> samples) {
		List<Long> totals = new ArrayList<>();
		for (LaneSample sample : samples) {
			totals.add(sample.answered());
			totals.add(sample.failed());
			if (totals.size() > 2) {
				totals.add(sample.reruns());
			}
		}
		return totals;
	}

}
