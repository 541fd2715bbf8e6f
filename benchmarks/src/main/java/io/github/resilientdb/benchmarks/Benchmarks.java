package io.github.resilientdb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * Runs benchmarks, each in several JVMs, and reports the results.
 */
public final class Benchmarks {

	private Benchmarks() {
	}

	/**
	 * Run benchmarks.
	 * @param args what to run and how; each may hold several arguments, separated by
	 * spaces
	 * @throws IOException if the table can't be written
	 * @throws InterruptedException if the thread is interrupted
	 * @throws SQLException if the server refuses something
	 */
	public static void main(String[] args) throws IOException, InterruptedException, SQLException {
		List<String> arguments = Arrays.stream(args)
			.flatMap((argument) -> Arrays.stream(argument.split(" ")))
			.filter((argument) -> !argument.isEmpty())
			.toList();
		if (arguments.contains("--help")) {
			System.out.print(Options.USAGE);
			return;
		}
		Options options = options(arguments);
		String table = run(options);
		System.out.print(table);
		write(options.output(), table);
	}

	private static Options options(List<String> arguments) {
		try {
			return Options.parse(arguments);
		}
		catch (IllegalArgumentException ex) {
			System.err.println(ex.getMessage());
			System.err.print(Options.USAGE);
			System.exit(2);
			throw ex;
		}
	}

	private static String run(Options options) throws IOException, InterruptedException, SQLException {
		Processors processors = Processors.share();
		Report report = new Report(processors);
		try (EmbeddedServer server = EmbeddedServer.start()) {
			server.pin(processors.server());
			// the network's latency is spent here, and must not cost the client anything
			Processors.pin(ProcessHandle.current(), processors.server());
			ForkLauncher launcher = new ForkLauncher(server, processors, options);
			// all of them once, then again: so that noise of the machine hits all alike
			for (int fork = 1; fork <= options.forks(); fork++) {
				for (Benchmark benchmark : options.benchmarks()) {
					System.err.printf("%s, fork %d of %d%n", benchmark.name(), fork, options.forks());
					report.add(benchmark, launcher.run(benchmark));
				}
			}
		}
		return report.toMarkdown();
	}

	private static void write(Path output, String table) throws IOException {
		Path directory = output.toAbsolutePath().getParent();
		if (directory != null) {
			Files.createDirectories(directory);
		}
		Files.writeString(output, table);
	}

}
