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
 * The connection pooler Pgpool-II in front of a server, where it is installed. It tells
 * its clients the real process ids, and gives the process of a client that has left to
 * the next one of its child.
 */
public final class Pgpool implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final List<Path> PLACES = List.of(Path.of("/usr/sbin/pgpool"), Path.of("/usr/bin/pgpool"),
			Path.of("/usr/local/bin/pgpool"));

	private final PostgresServer server;

	private final int port = Ports.free();

	private final Path directory = Directories.createTemporary("pgpool");

	private final Process process;

	private Pgpool(Path program, PostgresServer server, int children) {
		this.server = server;
		try {
			Files.writeString(file("pgpool.conf"), configuration(children));
			Files.createFile(file("pcp.conf"));
			Unprivileged.handOver(this.directory);
			this.process = new ProcessBuilder(Unprivileged.command(List.of(program.toString(), "-n", "-D", "-f",
					file("pgpool.conf").toString(), "-F", file("pcp.conf").toString())))
				.redirectErrorStream(true)
				.redirectOutput(Redirect.appendTo(file("log").toFile()))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Start Pgpool-II in front of a server; skip the test if it is not installed.
	 * @param server the server, which must let everyone in
	 * @param children how many clients can be connected at once
	 * @return the running Pgpool-II
	 */
	public static Pgpool inFrontOf(PostgresServer server, int children) {
		List<Path> programs = PLACES.stream().filter(Files::isExecutable).toList();
		Assumptions.assumeThat(programs).as("Pgpool-II in any of %s", PLACES).isNotEmpty();
		Assumptions.assumeThat(server).as("a server without passwords").isInstanceOf(EmbeddedPostgresServer.class);
		Pgpool pgpool = new Pgpool(programs.get(0), server, children);
		try {
			Conditions.await("Pgpool-II accepting connections", PATIENCE, pgpool::acceptsConnections);
			return pgpool;
		}
		catch (RuntimeException ex) {
			pgpool.close();
			throw ex;
		}
	}

	private String configuration(int children) {
		Map<String, Object> settings = new LinkedHashMap<>();
		settings.put("backend_clustering_mode", "raw");
		settings.put("listen_addresses", "127.0.0.1");
		settings.put("port", this.port);
		settings.put("socket_dir", this.directory);
		settings.put("pcp_listen_addresses", "");
		settings.put("pcp_port", Ports.free());
		settings.put("pcp_socket_dir", this.directory);
		settings.put("pid_file_name", file("pid"));
		settings.put("logdir", this.directory);
		settings.put("backend_hostname0", this.server.host());
		settings.put("backend_port0", this.server.port());
		settings.put("backend_flag0", "DISALLOW_TO_FAILOVER");
		settings.put("failover_on_backend_error", "off");
		settings.put("enable_pool_hba", "off");
		settings.put("pool_passwd", "");
		settings.put("num_init_children", children);
		settings.put("max_pool", 1);
		settings.put("connection_cache", "on");
		settings.put("load_balance_mode", "off");
		settings.put("health_check_period", 0);
		settings.put("sr_check_period", 0);
		settings.put("use_watchdog", "off");
		return settings.entrySet()
			.stream()
			.map((setting) -> "%s = %s%n".formatted(setting.getKey(), quoted(setting.getValue())))
			.collect(Collectors.joining());
	}

	private static String quoted(Object value) {
		return (value instanceof Integer || value.equals("on") || value.equals("off")) ? value.toString()
				: "'" + value + "'";
	}

	private boolean acceptsConnections() throws SQLException {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("Pgpool-II ended with " + this.process.exitValue() + ": " + log());
		}
		try (Connection connection = DriverManager.getConnection(
				jdbcUrl(this.server.database()) + "?connectTimeout=5&loginTimeout=5", this.server.username(),
				this.server.password())) {
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
	 * Return the JDBC URL of a database through Pgpool-II.
	 * @param database the database
	 * @return a URL without parameters
	 */
	public String jdbcUrl(String database) {
		return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(this.port, database);
	}

	/**
	 * Return what Pgpool-II has logged.
	 * @return the log
	 */
	public String log() {
		try {
			return Files.readString(file("log"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private Path file(String name) {
		return this.directory.resolve(name);
	}

	/**
	 * Stop Pgpool-II at once, and with it all connections through it.
	 */
	@Override
	public void close() {
		List<ProcessHandle> children = this.process.descendants().toList();
		try {
			if (this.process.isAlive()) {
				// SIGTERM would wait for the clients
				Command.signal("INT", List.of(this.process.pid()));
			}
			if (!this.process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
				throw new IllegalStateException("Pgpool-II did not stop within " + PATIENCE + ": " + log());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.process.destroyForcibly();
			children.forEach(ProcessHandle::destroyForcibly);
			Directories.delete(this.directory);
		}
	}

}
