package io.github.resilientdb.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Keeps server and client on processors of their own: where they move about, every figure
 * has two values.
 */
final class Processors {

	/**
	 * Any processor.
	 */
	static final String ANY = "any";

	private final String server;

	private final String client;

	private final List<String> onAll;

	private Processors(String server, String client, List<String> onAll) {
		this.server = server;
		this.client = client;
		this.onAll = onAll;
	}

	/**
	 * Share out the processors of this machine, half of them for the client; if there is
	 * only one, or no {@code taskset}, nobody is kept anywhere.
	 */
	static Processors share() {
		int count = Runtime.getRuntime().availableProcessors();
		String all = "0-" + (count - 1);
		if (count == 1 || !taskset("-c", all, "true")) {
			return new Processors(ANY, ANY, List.of());
		}
		int half = count / 2;
		return new Processors("0-" + (half - 1), half + "-" + (count - 1), List.of("taskset", "-c", all));
	}

	String server() {
		return this.server;
	}

	String client() {
		return this.client;
	}

	/**
	 * Return what goes before a command that is to run on all processors, whoever starts
	 * it.
	 */
	List<String> onAll() {
		return this.onAll;
	}

	/**
	 * Keep a process, its threads and its children on some processors.
	 * @param process the process
	 * @param processors the list of processors, or {@link #ANY}
	 */
	static void pin(ProcessHandle process, String processors) {
		if (!processors.equals(ANY)) {
			Stream.concat(Stream.of(process), process.descendants())
				.forEach((each) -> taskset("-acp", processors, Long.toString(each.pid())));
		}
	}

	private static boolean taskset(String... arguments) {
		String[] line = new String[arguments.length + 1];
		line[0] = "taskset";
		System.arraycopy(arguments, 0, line, 1, arguments.length);
		try {
			Process process = new ProcessBuilder(line).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
			return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		catch (IOException ex) {
			return false; // there is no such program
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Override
	public String toString() {
		return this.server.equals(ANY) ? "not pinned"
				: "server on processors " + this.server + ", client on " + this.client;
	}

}
