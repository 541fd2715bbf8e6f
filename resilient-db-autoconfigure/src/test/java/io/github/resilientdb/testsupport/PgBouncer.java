package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.assertj.core.api.Assumptions;

/**
 * The connection pooler PgBouncer in transaction mode in front of a server, where it is
 * installed. Anyone may connect through it and becomes the server's test role.
 */
public final class PgBouncer implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/pgbouncer"), Path.of("/usr/bin/pgbouncer"),
			Path.of("/usr/local/bin/pgbouncer"), Path.of("/opt/homebrew/bin/pgbouncer"));

	private final PostgresServer server;

	private final int serverPort;

	private final int port = Ports.free();

	private final Path directory = Directories.createTemporary("pgbouncer");

	private final Path program;

	private Process process;

	private PgBouncer(Path program, PostgresServer server, int serverPort, Map<String, String> settings) {
		this.server = server;
		this.serverPort = serverPort;
		this.program = program;
		configure(settings);
		this.process = start();
	}

	/**
	 * Start PgBouncer in front of a server; skip the test if it is not installed.
	 * @param server the server
	 * @return the running PgBouncer
	 */
	public static PgBouncer inFrontOf(PostgresServer server) {
		return inFrontOf(server, Map.of());
	}

	/**
	 * Start PgBouncer in front of a server; skip the test if it is not installed.
	 * @param server the server
	 * @param settings settings as in the section {@code [pgbouncer]} of its configuration
	 * @return the running PgBouncer
	 */
	public static PgBouncer inFrontOf(PostgresServer server, Map<String, String> settings) {
		return inFrontOf(server, server.port(), settings);
	}

	/**
	 * Start PgBouncer in front of an address that leads to a server; skip the test if it
	 * is not installed.
	 * @param server the server
	 * @param address the address
	 * @return the running PgBouncer
	 */
	public static PgBouncer inFrontOf(PostgresServer server, MovingAddress address) {
		return inFrontOf(server, address.port(), Map.of());
	}

	private static PgBouncer inFrontOf(PostgresServer server, int serverPort, Map<String, String> settings) {
		List<Path> programs = PLACES.stream().filter(Files::isExecutable).toList();
		Assumptions.assumeThat(programs).as("PgBouncer in any of %s", PLACES).isNotEmpty();
		PgBouncer pgBouncer = new PgBouncer(programs.get(0), server, serverPort, settings);
		try {
			pgBouncer.awaitConnections();
			return pgBouncer;
		}
		catch (RuntimeException ex) {
			pgBouncer.close();
			throw ex;
		}
	}

	private void configure(Map<String, String> settings) {
		try {
			Files.writeString(configurationFile(), configuration(settings));
			Unprivileged.handOver(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Process start() {
		try {
			List<String> line = Unprivileged.command(List.of(this.program.toString(), configurationFile().toString()));
			return new ProcessBuilder(line).redirectErrorStream(true)
				.redirectOutput(Redirect.appendTo(logFile().toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private String configuration(Map<String, String> overrides) {
		Map<String, String> settings = new LinkedHashMap<>();
		settings.put("listen_addr", "127.0.0.1");
		settings.put("listen_port", Integer.toString(this.port));
		settings.put("unix_socket_dir", "");
		settings.put("auth_type", "any");
		settings.put("pool_mode", "transaction");
		settings.put("default_pool_size", "20");
		settings.put("max_client_conn", "200");
		settings.put("ignore_startup_parameters", "extra_float_digits,options");
		settings.put("server_login_retry", "0.1");
		settings.putAll(overrides);
		String lines = settings.entrySet()
			.stream()
			.map((setting) -> setting.getKey() + " = " + setting.getValue())
			.collect(Collectors.joining("\n"));
		return "[databases]%n* = host=%s port=%d user=%s password=%s%n[pgbouncer]%n%s%n".formatted(this.server.host(),
				this.serverPort, this.server.username(), this.server.password(), lines);
	}

	private void awaitConnections() {
		Conditions.await("PgBouncer accepting connections", PATIENCE, this::acceptsConnections);
	}

	private boolean acceptsConnections() throws SQLException {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("PgBouncer ended with " + this.process.exitValue() + ": " + log());
		}
		try (Connection connection = DriverManager.getConnection(jdbcUrl() + "&connectTimeout=5&loginTimeout=5",
				this.server.username(), this.server.password())) {
			return connection.isValid(5);
		}
	}

	/**
	 * Return the port clients connect to.
	 * @return the port
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Return the JDBC URL of the server's default database through PgBouncer.
	 * @return a URL with a parameter that turns prepared statements off, as older
	 * versions of PgBouncer need it in transaction mode
	 */
	public String jdbcUrl() {
		return "jdbc:postgresql://127.0.0.1:%d/%s?prepareThreshold=0".formatted(this.port, this.server.database());
	}

	/**
	 * Return what PgBouncer has logged.
	 * @return the log
	 */
	public String log() {
		try {
			return Files.readString(logFile());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path configurationFile() {
		return this.directory.resolve("pgbouncer.ini");
	}

	private Path logFile() {
		return this.directory.resolve("log");
	}

	/**
	 * Kill PgBouncer, and with it all connections through it, and start it again on the
	 * same port.
	 */
	public void restart() {
		try {
			if (!this.process.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException("PgBouncer did not end within " + PATIENCE + ": " + log());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while PgBouncer was ending", ex);
		}
		this.process = start();
		awaitConnections();
	}

	/**
	 * Stop PgBouncer at once.
	 */
	@Override
	public void close() {
		this.process.destroy();
		try {
			if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
				throw new IllegalStateException("PgBouncer did not stop within " + PATIENCE + ": " + log());
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
		finally {
			Directories.delete(this.directory);
		}
	}

}
