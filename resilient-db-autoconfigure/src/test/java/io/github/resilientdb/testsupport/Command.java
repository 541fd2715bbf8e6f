package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that is run to its end, within a minute.
 */
final class Command {

	private static final long TIMEOUT_SECONDS = 60;

	private final List<String> line;

	Command(String... line) {
		this(List.of(line));
	}

	Command(List<String> line) {
		this.line = List.copyOf(line);
	}

	/**
	 * Run the program.
	 * @throws IllegalStateException if it fails, with what it printed
	 */
	void run() {
		Result result = execute();
		if (result.exitCode() != 0) {
			throw new IllegalStateException(
					"Exit code %d of %s: %s".formatted(result.exitCode(), this.line, result.output()));
		}
	}

	/**
	 * Run the program.
	 * @return whether it could be run and succeeded
	 */
	boolean succeeds() {
		try {
			return execute().exitCode() == 0;
		}
		catch (UncheckedIOException ex) {
			return false; // not installed
		}
	}

	private Result execute() {
		try {
			Path output = Files.createTempFile("command", ".log");
			try {
				return execute(output);
			}
			finally {
				Files.delete(output);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Result execute(Path output) throws IOException {
		Process process = new ProcessBuilder(this.line).redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Still running after " + TIMEOUT_SECONDS + " s: " + this.line);
			}
			return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while running " + this.line, ex);
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Send a signal to processes; those that are gone already don't matter.
	 * @param signal the signal's name without SIG
	 * @param pids the process ids
	 */
	static void signal(String signal, List<Long> pids) {
		// the shell's own "kill", since minimal systems have no program of that name
		List<String> line = new ArrayList<>(
				List.of("sh", "-c", "for pid; do kill -" + signal + " $pid || [ ! -e /proc/$pid ]; done", "signal"));
		pids.forEach((pid) -> line.add(pid.toString()));
		new Command(line).run();
	}

	private record Result(int exitCode, String output) {
	}

}
