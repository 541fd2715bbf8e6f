package io.github.resilientdb.benchmarks;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutionException;

import io.github.resilientdb.benchmarks.Workers.Block;

/**
 * Runs one benchmark in a JVM of its own and prints its samples.
 */
public final class Fork {

	private static final long BLOCK_NANOS = Duration.ofMillis(20).toNanos();

	private static final long LONGEST_WARM_UP_NANOS = Duration.ofSeconds(20).toNanos();

	private static final int FEWEST_PAIRS = 10;

	private static final int COUNTED = 50;

	private static final int COUNTS = 5;

	private final Benchmark benchmark;

	private final Server server;

	private final Server measured;

	private final long warmUpNanos;

	private final int calls;

	private final long measuringNanos;

	private final Random random = new Random();

	private final Samples samples = new Samples();

	private Fork(Benchmark benchmark, Server server, Server measured, long warmUpNanos, int calls,
			long measuringNanos) {
		this.benchmark = benchmark;
		this.server = server;
		this.measured = measured;
		this.warmUpNanos = warmUpNanos;
		this.calls = calls;
		this.measuringNanos = measuringNanos;
	}

	/**
	 * Run a benchmark.
	 * @param args its name, the server, the same as it is reached while time is measured,
	 * how long (in milliseconds) and for how many calls to warm up, how long to measure,
	 * the processors to run on
	 * @throws Exception if anything goes wrong
	 */
	public static void main(String[] args) throws Exception {
		Server server = Server.parse(args[1]);
		server.createSchema();
		Fork fork = new Fork(Catalog.get(args[0]), server, Server.parse(args[2]), nanos(args[3]),
				Integer.parseInt(args[4]), nanos(args[5]));
		fork.run(args[6]);
		fork.samples.lines().forEach(System.out::println);
		System.exit(0); // whatever threads are left
	}

	private static long nanos(String millis) {
		return Duration.ofMillis(Long.parseLong(millis)).toNanos();
	}

	private void run(String processors) throws Exception {
		int threads = this.benchmark.threads();
		if (!this.measured.equals(this.server)) {
			warmUpNearby(threads);
		}
		try (Surroundings surroundings = new Surroundings(this.measured, threads);
				Workers workers = new Workers(threads)) {
			Pair pair = this.benchmark.contenders().enter(surroundings);
			Processors.pin(ProcessHandle.current(), processors);
			measure(workers, pair, warmUp(workers, pair, this.measured.equals(this.server) ? this.calls : 0));
		}
		if (this.benchmark.countsMessages()) {
			countMessages();
		}
	}

	/**
	 * Run the same code where there are no distances, over which it would take minutes
	 * until it is compiled.
	 */
	private void warmUpNearby(int threads) throws Exception {
		try (Surroundings surroundings = new Surroundings(this.server, threads);
				Workers workers = new Workers(threads)) {
			warmUp(workers, this.benchmark.contenders().enter(surroundings), this.calls);
		}
	}

	/**
	 * Run both operations until they are compiled.
	 * @param calls how often at least
	 * @return how often each thread runs an operation per block
	 */
	private int warmUp(Workers workers, Pair pair, int calls) throws InterruptedException, ExecutionException {
		long start = System.nanoTime();
		int times = 1;
		int called = 0;
		do {
			called += times * this.benchmark.threads();
			double both = workers.run(pair.ours(), times).nanos() + workers.run(pair.plain(), times).nanos();
			double nanos = both / 2 * this.benchmark.threads();
			times = (int) Math.max(1, Math.min(times * 2L, Math.round(BLOCK_NANOS / nanos)));
		}
		while (!isWarm(System.nanoTime() - start, called, calls));
		return times;
	}

	private boolean isWarm(long nanos, int called, int calls) {
		return nanos >= LONGEST_WARM_UP_NANOS || (nanos >= this.warmUpNanos && called >= calls);
	}

	private void measure(Workers workers, Pair pair, int times) throws InterruptedException, ExecutionException {
		long start = System.nanoTime();
		for (int i = 0; i < FEWEST_PAIRS || System.nanoTime() - start < this.measuringNanos; i++) {
			Block plain;
			Block ours;
			if (this.random.nextBoolean()) {
				plain = workers.run(pair.plain(), times);
				ours = workers.run(pair.ours(), times);
			}
			else {
				ours = workers.run(pair.ours(), times);
				plain = workers.run(pair.plain(), times);
			}
			this.samples.add(Metric.TIME, new Sample(plain.nanos(), ours.nanos()));
			this.samples.add(Metric.BYTES, new Sample(plain.bytes(), ours.bytes()));
		}
	}

	/**
	 * Count through a proxy, in applications of their own: it would take part in the
	 * time.
	 */
	private void countMessages() throws Exception {
		int threads = this.benchmark.threads();
		try (Surroundings surroundings = Surroundings.counting(this.server, threads);
				Workers workers = new Workers(threads)) {
			Pair pair = this.benchmark.contenders().enter(surroundings);
			workers.run(pair.plain(), COUNTED);
			workers.run(pair.ours(), COUNTED);
			surroundings.settle();
			for (int i = 0; i < COUNTS; i++) {
				double plain = messages(surroundings, workers, pair.plain());
				double ours = messages(surroundings, workers, pair.ours());
				this.samples.add(Metric.MESSAGES, new Sample(plain, ours));
			}
		}
	}

	private double messages(Surroundings surroundings, Workers workers, Operation operation)
			throws InterruptedException, ExecutionException {
		long before = surroundings.messages();
		workers.run(operation, COUNTED);
		return (surroundings.messages() - before) / ((double) COUNTED * this.benchmark.threads());
	}

}
