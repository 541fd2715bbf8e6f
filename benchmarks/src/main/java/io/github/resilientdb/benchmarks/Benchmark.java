package io.github.resilientdb.benchmarks;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Something whose cost is measured.
 *
 * @param name the name to select it by
 * @param description what an operation does
 * @param threads how many threads run it at the same time
 * @param roundTrip how long a round trip to the server takes, {@code null} for the
 * loopback device as it is
 * @param jvmArguments arguments of the forked JVM
 * @param contenders makes the operations
 * @param targets what is reported
 */
record Benchmark(String name, String description, int threads, @Nullable Duration roundTrip, List<String> jvmArguments,
		Contenders contenders, List<Target> targets) {

	Benchmark(String name, String description, Contenders contenders, Target... targets) {
		this(name, description, 1, null, List.of(), contenders, List.of(targets));
	}

	Benchmark threads(int threads) {
		return new Benchmark(this.name, this.description, threads, this.roundTrip, this.jvmArguments, this.contenders,
				this.targets);
	}

	Benchmark roundTrip(Duration roundTrip) {
		return new Benchmark(this.name, this.description, this.threads, roundTrip, this.jvmArguments, this.contenders,
				this.targets);
	}

	Benchmark jvmArguments(String... arguments) {
		return new Benchmark(this.name, this.description, this.threads, this.roundTrip, List.of(arguments),
				this.contenders, this.targets);
	}

	boolean countsMessages() {
		return this.targets.stream().anyMatch((target) -> target.measure() == Measure.EXTRA_MESSAGES);
	}

	/**
	 * Tell whether every sample needs two new JVMs.
	 */
	boolean measuresStartup() {
		return this.targets.stream().anyMatch((target) -> target.measure() == Measure.EXTRA_STARTUP);
	}

	boolean isSelectedBy(String selection) {
		return this.name.equals(selection) || this.name.startsWith(selection + "-");
	}

	/**
	 * Makes the operations of a benchmark.
	 */
	@FunctionalInterface
	interface Contenders {

		Pair enter(Surroundings surroundings) throws Exception;

	}

}
