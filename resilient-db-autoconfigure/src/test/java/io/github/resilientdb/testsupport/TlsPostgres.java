package io.github.resilientdb.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Debian's PostgreSQL with a self-signed certificate; zonky's binaries know no TLS.
 */
public record TlsPostgres(Path directory, int port) implements AutoCloseable {

	public static final Path BINARIES = Path.of("/usr/lib/postgresql/15/bin");

	public static TlsPostgres start() throws Exception {
		Path directory = Files.createTempDirectory("tls-postgres");
		TlsPostgres postgres = new TlsPostgres(directory, Ports.free());
		if (runsAsRoot()) {
			postgres.run("chown", "postgres", directory.toString());
		}
		String data = directory.resolve("data").toString();
		postgres.runAsPostgres(BINARIES.resolve("initdb").toString(), "-D", data, "-U", "postgres", "-A", "trust");
		postgres.runAsPostgres("openssl", "req", "-new", "-x509", "-days", "2", "-nodes", "-subj", "/CN=localhost",
				"-out", data + "/server.crt", "-keyout", data + "/server.key");
		postgres.runAsPostgres(BINARIES.resolve("pg_ctl").toString(), "-D", data, "-w", "-l", data + "/log", "-o",
				"-c ssl=on -c listen_addresses=localhost -c fsync=off -p %d -k %s".formatted(postgres.port, directory),
				"start");
		return postgres;
	}

	/**
	 * Return the certificate, which is its own authority.
	 */
	public Path certificate() {
		return this.directory.resolve("data").resolve("server.crt");
	}

	@Override
	public void close() throws Exception {
		runAsPostgres(BINARIES.resolve("pg_ctl").toString(), "-D", this.directory.resolve("data").toString(), "-m",
				"immediate", "stop");
		run("rm", "-r", this.directory.toString());
	}

	private void runAsPostgres(String... command) throws Exception {
		List<String> line = new ArrayList<>();
		if (runsAsRoot()) {
			line.addAll(List.of("runuser", "-u", "postgres", "--"));
		}
		line.addAll(List.of(command));
		run(line.toArray(String[]::new));
	}

	private void run(String... command) throws Exception {
		Path log = Files.createTempFile("tls-postgres", ".log");
		Process process = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
			throw new IllegalStateException("%s failed: %s".formatted(command[0], Files.readString(log)));
		}
		Files.delete(log);
	}

	private static boolean runsAsRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

}
