package io.github.resilientdb.benchmarks;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The samples of one fork, and how they travel from it.
 */
final class Samples {

	private static final String PREFIX = "sample ";

	private final Map<Metric, List<Sample>> samples = new EnumMap<>(Metric.class);

	/**
	 * Read what a fork printed.
	 * @param lines its output
	 * @return the samples in it
	 */
	static Samples parse(List<String> lines) {
		Samples result = new Samples();
		for (String line : lines) {
			if (line.startsWith(PREFIX)) {
				String[] words = line.split(" ");
				result.add(Metric.valueOf(words[1]),
						new Sample(Double.parseDouble(words[2]), Double.parseDouble(words[3])));
			}
		}
		return result;
	}

	void add(Metric metric, Sample sample) {
		this.samples.computeIfAbsent(metric, (key) -> new ArrayList<>()).add(sample);
	}

	List<Sample> of(Metric metric) {
		return this.samples.getOrDefault(metric, List.of());
	}

	List<String> lines() {
		List<String> lines = new ArrayList<>();
		this.samples.forEach((metric, values) -> {
			for (Sample value : values) {
				lines.add(PREFIX + metric.name() + " " + value.plain() + " " + value.ours());
			}
		});
		return lines;
	}

}
