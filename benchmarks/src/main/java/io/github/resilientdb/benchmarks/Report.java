package io.github.resilientdb.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The samples of all forks, as a table in Markdown.
 */
final class Report {

	private final Processors processors;

	private final double loadBefore = load();

	private final Map<Benchmark, List<Samples>> results = new LinkedHashMap<>();

	Report(Processors processors) {
		this.processors = processors;
	}

	void add(Benchmark benchmark, Samples samples) {
		this.results.computeIfAbsent(benchmark, (key) -> new ArrayList<>()).add(samples);
	}

	String toMarkdown() {
		StringBuilder text = new StringBuilder();
		text.append("Java %s, %d processors, %s; load %.1f before, %.1f after.%n%n".formatted(
				System.getProperty("java.version"), Runtime.getRuntime().availableProcessors(), this.processors,
				this.loadBefore, load()));
		text.append("| Benchmark | Measure | Plain | Ours | Median | 95 % interval | Target | Met | Forks | Pairs |\n");
		text.append("|---|---|---|---|---|---|---|---|---|---|\n");
		this.results.forEach((benchmark, forks) -> {
			for (Target target : benchmark.targets()) {
				text.append(row(benchmark, target, forks));
			}
		});
		text.append('\n');
		for (Benchmark benchmark : this.results.keySet()) {
			text.append("- `%s`: %s%n".formatted(benchmark.name(), benchmark.description()));
		}
		return text.toString();
	}

	private static String row(Benchmark benchmark, Target target, List<Samples> forks) {
		Measure measure = target.measure();
		List<double[]> values = new ArrayList<>();
		List<Sample> all = new ArrayList<>();
		for (Samples fork : forks) {
			List<Sample> samples = fork.of(measure.metric());
			values.add(samples.stream().mapToDouble(measure::compare).toArray());
			all.addAll(samples);
		}
		Estimate estimate = Estimate.of(values);
		Metric metric = measure.metric();
		return "| `%s` | %s | %s | %s | %s | %s to %s | %s | %s | %d | %d |%n".formatted(benchmark.name(),
				measure.title(), metric.format(Estimate.median(all.stream().mapToDouble(Sample::plain).toArray())),
				metric.format(Estimate.median(all.stream().mapToDouble(Sample::ours).toArray())),
				measure.format(estimate.median()), measure.format(estimate.low()), measure.format(estimate.high()),
				target.text(), target.verdict(estimate), forks.size(), all.size());
	}

	private static double load() {
		return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
	}

}
