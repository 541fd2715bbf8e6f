package io.github.resilientdb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import io.github.resilientdb.test.proxy.FaultProxy;

/**
 * Starts JVMs, one after the other.
 */
final class ForkLauncher {

	private static final long LONGEST_MINUTES = 5;

	private final EmbeddedServer server;

	private final Processors processors;

	private final Options options;

	private final Random random = new Random();

	ForkLauncher(EmbeddedServer server, Processors processors, Options options) {
		this.server = server;
		this.processors = processors;
		this.options = options;
	}

	Samples run(Benchmark benchmark) throws IOException, InterruptedException, SQLException {
		Server database = this.server.createDatabase();
		try (FaultProxy network = database.behindProxy()) {
			return benchmark.measuresStartup() ? startTwice(benchmark, database)
					: Samples.parse(run(benchmark, command(benchmark, database, network)).lines().toList());
		}
		finally {
			this.server.dropDatabase(database);
		}
	}

	/**
	 * Start an application in a JVM of its own without us and with us, by turns.
	 */
	private Samples startTwice(Benchmark benchmark, Server database)
			throws IOException, InterruptedException, SQLException {
		database.createSchema();
		Samples samples = new Samples();
		boolean oursFirst = this.random.nextBoolean();
		double first = start(benchmark, database, oursFirst);
		double second = start(benchmark, database, !oursFirst);
		samples.add(Metric.STARTUP, oursFirst ? new Sample(second, first) : new Sample(first, second));
		return samples;
	}

	private double start(Benchmark benchmark, Server database, boolean ours) throws IOException, InterruptedException {
		List<String> command = java(benchmark);
		command.addAll(List.of(FirstRun.class.getName(), benchmark.name(), database.text(), Boolean.toString(ours)));
		return FirstRun.parse(run(benchmark, command));
	}

	private String run(Benchmark benchmark, List<String> command) throws IOException, InterruptedException {
		Path output = Files.createTempFile("benchmark", ".out");
		try {
			Process process = new ProcessBuilder(command).redirectOutput(output.toFile())
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			await(benchmark, process, output);
			return Files.readString(output);
		}
		finally {
			Files.delete(output);
		}
	}

	private static void await(Benchmark benchmark, Process process, Path output)
			throws IOException, InterruptedException {
		Thread killer = new Thread(process::destroyForcibly);
		Runtime.getRuntime().addShutdownHook(killer);
		try {
			boolean ended = process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
			if (!ended || process.exitValue() != 0) {
				String outcome = ended ? "failed with " + process.exitValue() : "did not end";
				throw new IllegalStateException(
						"%s %s:%n%s".formatted(benchmark.name(), outcome, Files.readString(output)));
			}
		}
		finally {
			process.destroyForcibly();
			Runtime.getRuntime().removeShutdownHook(killer);
		}
	}

	private List<String> java(Benchmark benchmark) {
		List<String> command = new ArrayList<>(this.processors.onAll());
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xms512m",
				"-Xmx512m", "-XX:+UseSerialGC"));
		command.addAll(benchmark.jvmArguments());
		command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
		return command;
	}

	private List<String> command(Benchmark benchmark, Server own, FaultProxy network) {
		List<String> command = java(benchmark);
		Server measured = own;
		if (benchmark.roundTrip() != null) {
			network.latency(benchmark.roundTrip().dividedBy(2));
			measured = own.at("127.0.0.1", network.port());
		}
		command.addAll(List.of(Fork.class.getName(), benchmark.name(), own.text(), measured.text(),
				Long.toString(this.options.warmUp().toMillis()), Integer.toString(this.options.calls()),
				Long.toString(this.options.measuring().toMillis()), this.processors.client()));
		return command;
	}

}
