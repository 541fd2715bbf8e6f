package com.example.bank.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.util.Assert;

/**
 * A PostgreSQL server in a temporary directory, which can be broken. It keeps its port
 * and its data when it is restarted, and loses them when it is closed.
 */
public class EmbeddedDatabase implements JdbcConnectionDetails, AutoCloseable {

	private static final String USER = "postgres";

	private static final int PATIENCE_SECONDS = 60;

	private final Path directory;

	private final Path log;

	private final EmbeddedPostgres server;

	EmbeddedDatabase() {
		try {
			this.directory = Files.createTempDirectory("bank");
			this.log = Files.createTempFile("bank", ".log");
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The embedded PostgreSQL has no place for its files", ex);
		}
		try {
			Path programs = PrivateDirectory.open().resolve("postgres");
			this.server = EmbeddedPostgres.builder()
				.setOverrideWorkingDirectory(programs.toFile())
				.setDataDirectory(this.directory)
				.setPort(OwnPort.choose(ThreadLocalRandom.current().ints(OwnPort.FIRST, OwnPort.END)))
				.setPGStartupWait(Duration.ofSeconds(PATIENCE_SECONDS))
				// Off by default here, which would lose what was committed in a crash
				.setServerConfig("synchronous_commit", "on")
				// For three banks at the same time
				.setServerConfig("max_connections", "200")
				.setRegisterShutdownHook(false)
				// The user's may not be installed
				.setLocaleConfig("locale", "C")
				.setOutputRedirector(Redirect.appendTo(this.log.toFile()))
				.start();
			// The library lets everybody write there
			PrivateDirectory.close(programs);
		}
		catch (IOException | IllegalStateException ex) {
			throw new IllegalStateException("The embedded PostgreSQL did not start: " + said(), ex);
		}
	}

	private String said() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			return "what it said can't be read: " + ex.getMessage();
		}
	}

	@Override
	public String getUsername() {
		return USER;
	}

	@Override
	public String getPassword() {
		return "";
	}

	@Override
	public String getJdbcUrl() {
		return this.server.getJdbcUrl(USER, "postgres");
	}

	/**
	 * End all sessions, as an administrator would.
	 * @return how many there were
	 * @throws SQLException if the server can't be asked to
	 */
	public int endSessions() throws SQLException {
		try (Connection connection = this.server.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement();
				ResultSet ended = statement.executeQuery("""
						select count(pg_terminate_backend(pid)) from pg_stat_activity
						where backend_type = 'client backend' and pid <> pg_backend_pid()""")) {
			ended.next();
			return ended.getInt(1);
		}
	}

	/**
	 * Stop the server and start it again.
	 * @param mode how to stop it
	 * @throws IOException if it does not start again
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	public void restart(StopMode mode) throws IOException, InterruptedException {
		stop(mode);
		start();
	}

	/**
	 * Stop the server.
	 * @param mode how
	 * @throws IOException if it does not stop
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	public synchronized void stop(StopMode mode) throws IOException, InterruptedException {
		control("stop", "-m", mode.name().toLowerCase(Locale.ROOT));
	}

	/**
	 * Start the server again, as it was started before.
	 * @throws IOException if it does not start
	 * @throws InterruptedException if the thread is interrupted meanwhile
	 */
	public synchronized void start() throws IOException, InterruptedException {
		control("start", "-l", this.directory.resolve("restart.log").toString(), "-o", options());
	}

	private void control(String action, String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		if (LinuxUtils.isUnshareAvailable()) {
			// PostgreSQL refuses to run as root
			command.addAll(List.of("unshare", "-U"));
		}
		command.addAll(List.of(binaries().resolve("pg_ctl").toString(), action, "-w", "-t", "" + PATIENCE_SECONDS, "-D",
				this.directory.toString()));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("control.log").toFile())
			.start();
		boolean exited = process.waitFor(2 * PATIENCE_SECONDS, TimeUnit.SECONDS);
		Assert.state(exited && process.exitValue() == 0,
				() -> "The embedded PostgreSQL did not " + action + ": " + command);
	}

	/**
	 * The options that the server was started with, quoted for a shell as it has left
	 * them.
	 */
	private String options() throws IOException {
		String startCommand = Files.readString(this.directory.resolve("postmaster.opts")).trim();
		return startCommand.substring(startCommand.indexOf(' ') + 1);
	}

	private Path binaries() throws IOException {
		String startCommand = Files.readString(this.directory.resolve("postmaster.opts"));
		Path binaries = Path.of(startCommand.substring(0, startCommand.indexOf(' '))).getParent();
		Assert.state(binaries != null, () -> "The embedded PostgreSQL was not started by its path: " + startCommand);
		return binaries;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		Files.deleteIfExists(this.log);
	}

	/**
	 * How to stop the server.
	 */
	public enum StopMode {

		/**
		 * Sessions are ended, their transactions rolled back.
		 */
		FAST,

		/**
		 * As in a crash: the server recovers when it starts.
		 */
		IMMEDIATE

	}

}
