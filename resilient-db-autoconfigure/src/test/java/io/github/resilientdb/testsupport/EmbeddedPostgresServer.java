package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A server that runs as a child process of the tests, as root or not, on a data directory
 * of its own.
 * <p>
 * It listens on the loopback address, commits synchronously (an acknowledged transaction
 * survives the death of any process) and by default does not wait for the disk.
 */
public final class EmbeddedPostgresServer extends PostgresServer {

	private final PostgresBinaries binaries;

	private final Map<String, String> settings;

	private final Path directory;

	private final int port = Ports.free();

	private @Nullable PostgresProcess process;

	private EmbeddedPostgresServer(PostgresBinaries binaries, Map<String, String> settings, Path directory) {
		this.binaries = binaries;
		this.settings = Map.copyOf(settings);
		this.directory = directory;
	}

	@Override
	public synchronized void start() {
		if (this.process == null) {
			launch();
			awaitConnections();
		}
	}

	/**
	 * Start the server without waiting until it accepts connections, which it may never
	 * do.
	 */
	public synchronized void launch() {
		this.process = PostgresProcess.start(this.binaries, data(), this.port, this.settings);
	}

	@Override
	public synchronized void stop(Mode mode) {
		if (this.process != null) {
			this.process.stop(mode);
			this.process = null;
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.process != null;
	}

	@Override
	public synchronized void pause() {
		running().pause();
	}

	@Override
	public synchronized void resume() {
		if (this.process != null) {
			this.process.resume();
		}
	}

	/**
	 * Make a standby a primary, and wait until it is one.
	 */
	public void promote() {
		execute("select pg_promote(true, 60)");
		Conditions.await(this + " being a primary", PATIENCE,
				() -> queryForInt("select count(*) where pg_is_in_recovery()") == 0);
	}

	/**
	 * Return the process id of the postmaster.
	 * @return the process id
	 */
	public synchronized long postmasterPid() {
		return running().pid();
	}

	/**
	 * Return what the server has logged since it was created.
	 * @return the log
	 */
	public String log() {
		return PostgresProcess.log(data());
	}

	@Override
	public int port() {
		return this.port;
	}

	@Override
	protected synchronized void requireAlive() {
		running().requireAlive();
	}

	@Override
	protected void signalBackend(int pid) {
		Command.signal("KILL", List.of((long) pid));
	}

	private PostgresProcess running() {
		if (this.process == null) {
			throw new IllegalStateException(this + " is not running");
		}
		return this.process;
	}

	private Path data() {
		return this.directory.resolve("data");
	}

	synchronized EmbeddedPostgresServer copy(boolean streaming) {
		boolean running = isRunning();
		stop(Mode.FAST);
		Path copy = Directories.createTemporary("postgres");
		Directories.copy(data(), copy.resolve("data"));
		if (running) {
			start();
		}
		Map<String, String> copied = new LinkedHashMap<>(this.settings);
		if (streaming) {
			copied.put("primary_conninfo", "host=%s port=%d user=%s password=%s application_name=standby"
				.formatted(host(), port(), username(), password()));
		}
		try {
			Files.createFile(copy.resolve("data/standby.signal"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Unprivileged.handOver(copy);
		return new EmbeddedPostgresServer(this.binaries, copied, copy);
	}

	@Override
	public synchronized void close() {
		try {
			stop(Mode.IMMEDIATE);
		}
		finally {
			Directories.delete(this.directory);
		}
	}

	/**
	 * Stop the server for good as the JVM ends. Many databases take long to remove, which
	 * nobody waits for: a process that outlives the JVM does it.
	 */
	synchronized void closeAtExit() {
		try {
			stop(Mode.IMMEDIATE);
		}
		finally {
			Directories.deleteInBackground(this.directory);
		}
	}

	/**
	 * Describes an embedded server.
	 */
	public static final class Builder {

		private final Map<String, String> settings = new LinkedHashMap<>();

		private @Nullable PostgresBinaries binaries;

		private boolean tls;

		private boolean authentication;

		private boolean clusterOfItsOwn;

		Builder() {
			setting("synchronous_commit", "on");
			setting("fsync", "off");
			setting("max_connections", "100");
			setting("max_prepared_transactions", "10");
		}

		/**
		 * Use another version than the one on the classpath. The test is skipped if the
		 * build has not copied its binaries to {@code target/postgres-binaries}.
		 * @param version the version or its beginning, such as {@code 14}
		 * @return this builder
		 */
		public Builder version(String version) {
			this.binaries = PostgresBinaries.ofVersion(version);
			return this;
		}

		/**
		 * Use the programs installed in the system. The test is skipped if they are not.
		 * @param home a directory such as {@code /usr/lib/postgresql/15}
		 * @return this builder
		 */
		public Builder installedIn(String home) {
			this.binaries = PostgresBinaries.installedIn(Path.of(home));
			return this;
		}

		/**
		 * Set a parameter of the server.
		 * @param name a name as in {@code postgresql.conf}
		 * @param value the value
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			this.settings.put(name, value);
			return this;
		}

		/**
		 * Offer TLS, with a certificate for {@code localhost} signed by itself.
		 * @return this builder
		 */
		public Builder tls() {
			this.tls = true;
			return this;
		}

		/**
		 * Ask for the password (SCRAM) instead of letting everyone in.
		 * @return this builder
		 */
		public Builder authentication() {
			this.authentication = true;
			return this;
		}

		/**
		 * Give the server a system identifier that no other server of the tests has.
		 * @return this builder
		 */
		public Builder clusterOfItsOwn() {
			this.clusterOfItsOwn = true;
			return this;
		}

		/**
		 * Create the server's data directory.
		 * @return the server, stopped
		 */
		public EmbeddedPostgresServer build() {
			Path directory = Directories.createTemporary("postgres");
			PostgresBinaries used = ((this.binaries != null) ? this.binaries : PostgresBinaries.fromClasspath());
			Path data = directory.resolve("data");
			Unprivileged.handOver(directory);
			if (this.clusterOfItsOwn) {
				PostgresProcess.initialize(used, data, this.authentication);
			}
			else {
				InitializedClusters.copy(used, this.authentication, data);
			}
			if (this.tls) {
				this.settings.put("ssl", "on");
				SelfSignedCertificate.write(data);
			}
			Unprivileged.handOver(directory);
			return new EmbeddedPostgresServer(used, this.settings, directory);
		}

		/**
		 * Create the server and start it.
		 * @return the running server
		 */
		public EmbeddedPostgresServer start() {
			EmbeddedPostgresServer server = build();
			try {
				server.start();
				return server;
			}
			catch (RuntimeException ex) {
				server.close();
				throw ex;
			}
		}

	}

}
