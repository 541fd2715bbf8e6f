package io.github.resilientdb.benchmarks;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

/**
 * Runs one operation of a benchmark once in a JVM of its own, and prints how much
 * processor time the JVM has used until then.
 */
public final class FirstRun {

	private static final String PREFIX = "cpu ";

	private FirstRun() {
	}

	/**
	 * Run an operation.
	 * @param args the name of the benchmark, the server, and whether the operation of
	 * ours is to be run
	 * @throws Exception if anything goes wrong
	 */
	public static void main(String[] args) throws Exception {
		try (Surroundings surroundings = new Surroundings(Server.parse(args[1]), 4)) {
			Pair pair = Catalog.get(args[0]).contenders().enter(surroundings);
			(Boolean.parseBoolean(args[2]) ? pair.ours() : pair.plain()).run();
			OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
			System.out.println(PREFIX + system.getProcessCpuTime());
		}
		System.exit(0); // whatever threads are left
	}

	/**
	 * Read what {@link #main} printed.
	 */
	static double parse(String output) {
		return output.lines()
			.filter((line) -> line.startsWith(PREFIX))
			.mapToDouble((line) -> Double.parseDouble(line.substring(PREFIX.length())))
			.findFirst()
			.orElseThrow();
	}

}
