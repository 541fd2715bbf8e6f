package io.github.resilientdb.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What to run and how.
 *
 * @param benchmarks the benchmarks
 * @param forks how many JVMs run each of them
 * @param warmUp how long each JVM warms up at least
 * @param calls how often each operation is run before it is measured
 * @param measuring how long each JVM measures
 * @param output where to write the table
 */
record Options(List<Benchmark> benchmarks, int forks, Duration warmUp, int calls, Duration measuring, Path output) {

	static final String USAGE = """
			Arguments: [--quick] [--forks=<number>] [--output=<file>] [<benchmark> ...]
			Benchmarks, all by default; "commit" selects all whose names begin with "commit-":
			""" + names();

	// twice what makes the JVM's last compiler look at a method
	private static final int CALLS = 10_000;

	private static final String FORKS = "--forks=";

	private static final String OUTPUT = "--output=";

	Options {
		if (forks < 1) {
			throw new IllegalArgumentException("Invalid forks (%d): must be positive".formatted(forks));
		}
	}

	private static String names() {
		StringBuilder names = new StringBuilder();
		for (Benchmark benchmark : Catalog.all()) {
			names.append("  %-24s %s%n".formatted(benchmark.name(), benchmark.description()));
		}
		return names.toString();
	}

	static Options parse(List<String> arguments) {
		boolean quick = false;
		int forks = 0;
		Path output = Path.of("target", "benchmarks.md");
		List<String> selections = new ArrayList<>();
		for (String argument : arguments) {
			if (argument.equals("--quick")) {
				quick = true;
			}
			else if (argument.startsWith(FORKS)) {
				forks = Integer.parseInt(argument.substring(FORKS.length()));
			}
			else if (argument.startsWith(OUTPUT)) {
				output = Path.of(argument.substring(OUTPUT.length()));
			}
			else {
				selections.add(argument);
			}
		}
		int chosenForks = (forks != 0) ? forks : (quick ? 1 : 5);
		return new Options(select(selections), chosenForks, Duration.ofMillis(quick ? 800 : 6000), quick ? 0 : CALLS,
				Duration.ofMillis(quick ? 800 : 8000), output);
	}

	private static List<Benchmark> select(List<String> selections) {
		for (String selection : selections) {
			if (Catalog.all().stream().noneMatch((benchmark) -> benchmark.isSelectedBy(selection))) {
				throw new IllegalArgumentException(
						"Invalid argument (%s): no such option or benchmark".formatted(selection));
			}
		}
		return Catalog.all()
			.stream()
			.filter((benchmark) -> selections.isEmpty() || selections.stream().anyMatch(benchmark::isSelectedBy))
			.toList();
	}

}
