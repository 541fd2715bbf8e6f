package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.resilientdb.testsupport.PostgresServer.Mode;
import org.jspecify.annotations.Nullable;

/**
 * A running postmaster. It is our own child, neither through {@code pg_ctl} nor a shell,
 * so its process id is known and signals reach it directly. Not thread-safe.
 */
final class PostgresProcess {

	private static final long STOP_SECONDS = 60;

	private static final long LONGEST_PAUSE_SECONDS = 60;

	private static final ScheduledExecutorService RESUMER = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "postgres-resumer");
		thread.setDaemon(true);
		return thread;
	});

	private final Process process;

	/**
	 * Waits for the end of its input, which comes when this JVM ends in whatever way, and
	 * then stops the server.
	 */
	private final Process guard;

	private final Path data;

	private @Nullable ScheduledFuture<?> resumption;

	private PostgresProcess(Process process, Process guard, Path data) {
		this.process = process;
		this.guard = guard;
		this.data = data;
	}

	static void initialize(PostgresBinaries binaries, Path data, boolean authentication) {
		List<String> line = new ArrayList<>(List.of(binaries.initdb().toString(), "--pgdata=" + data,
				"--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync"));
		line.add("--auth=" + (authentication ? "scram-sha-256" : "trust"));
		Path password = writePassword(data.resolveSibling("password"));
		line.add("--pwfile=" + password);
		new Command(Unprivileged.command(line)).run();
	}

	private static Path writePassword(Path file) {
		try {
			return Files.writeString(file, "postgres\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static PostgresProcess start(PostgresBinaries binaries, Path data, int port, Map<String, String> settings) {
		List<String> line = new ArrayList<>(List.of(binaries.postgres().toString(), "-D", data.toString(), "-p",
				Integer.toString(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
		settings.forEach((name, value) -> line.addAll(List.of("-c", name + "=" + value)));
		try {
			Process process = new ProcessBuilder(Unprivileged.command(line)).redirectErrorStream(true)
				.redirectOutput(Redirect.appendTo(logFile(data).toFile()))
				.start();
			Process guard = new ProcessBuilder("sh", "-c", "read line; kill -QUIT " + process.pid()).start();
			return new PostgresProcess(process, guard, data);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String log(Path data) {
		try {
			return Files.readString(logFile(data));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path logFile(Path data) {
		return data.resolveSibling("log");
	}

	long pid() {
		return this.process.pid();
	}

	void requireAlive() {
		if (!this.process.isAlive()) {
			throw new IllegalStateException(
					"postgres ended with %d:%n%s".formatted(this.process.exitValue(), log(this.data)));
		}
	}

	void stop(Mode mode) {
		resume();
		this.guard.destroyForcibly();
		if (this.process.isAlive()) {
			Command.signal((mode == Mode.FAST) ? "INT" : "QUIT", List.of(pid()));
		}
		if (!ended()) {
			Command.signal("KILL", family());
			throw new IllegalStateException(
					"postgres did not stop within %d s:%n%s".formatted(STOP_SECONDS, log(this.data)));
		}
	}

	private boolean ended() {
		try {
			return this.process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	void pause() {
		if (this.resumption == null) {
			// the postmaster first: it can't start others meanwhile
			Command.signal("STOP", List.of(pid()));
			Command.signal("STOP", family());
			this.resumption = RESUMER.schedule(this::signalResume, LONGEST_PAUSE_SECONDS, TimeUnit.SECONDS);
		}
	}

	void resume() {
		if (this.resumption != null) {
			this.resumption.cancel(false);
			this.resumption = null;
			signalResume();
		}
	}

	private void signalResume() {
		Command.signal("CONT", family());
	}

	private List<Long> family() {
		return Stream.concat(Stream.of(this.process.toHandle()), this.process.descendants())
			.map(ProcessHandle::pid)
			.toList();
	}

}
