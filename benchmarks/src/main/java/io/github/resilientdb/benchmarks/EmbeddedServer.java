package io.github.resilientdb.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * The PostgreSQL server on which benchmarks run.
 */
final class EmbeddedServer implements AutoCloseable {

	private static final String USER = "postgres";

	private final Path directory;

	private final EmbeddedPostgres postgres;

	private int databases;

	private EmbeddedServer(Path directory, EmbeddedPostgres postgres) {
		this.directory = directory;
		this.postgres = postgres;
	}

	/**
	 * Start a server that writes as one in production does, and does nothing meanwhile.
	 */
	static EmbeddedServer start() throws IOException {
		Path directory = Files.createTempDirectory("benchmarks");
		return new EmbeddedServer(directory,
				EmbeddedPostgres.builder()
					.setLocaleConfig("locale", "C")
					.setDataDirectory(directory)
					.setServerConfig("fsync", "on")
					.setServerConfig("synchronous_commit", "on")
					.setServerConfig("autovacuum", "off")
					.setServerConfig("checkpoint_timeout", "1h")
					.setServerConfig("max_wal_size", "4GB")
					.start());
	}

	/**
	 * Keep the server on some processors. It is no child of this process.
	 */
	void pin(String processors) throws IOException {
		long pid = Long.parseLong(Files.readAllLines(this.directory.resolve("postmaster.pid")).get(0).trim());
		ProcessHandle.of(pid).ifPresent((process) -> Processors.pin(process, processors));
	}

	Server createDatabase() throws SQLException {
		String database = "benchmark" + ++this.databases;
		execute("create database " + database);
		return new Server("localhost", this.postgres.getPort(), database, USER, "");
	}

	void dropDatabase(Server server) throws SQLException {
		execute("drop database " + server.database() + " with (force)");
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = this.postgres.getPostgresDatabase().getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	@Override
	public void close() throws IOException {
		this.postgres.close();
	}

}
