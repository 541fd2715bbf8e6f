package io.github.resilientdb.testsupport;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clusters that were initialized once for all tests of this JVM, to be copied:
 * {@code initdb} takes ten times as long. The copies have one system identifier.
 */
final class InitializedClusters {

	private static final Map<Kind, Path> DATA = new ConcurrentHashMap<>();

	private InitializedClusters() {
	}

	static void copy(PostgresBinaries binaries, boolean authentication, Path data) {
		Directories.copy(DATA.computeIfAbsent(new Kind(binaries, authentication), InitializedClusters::initialize),
				data);
	}

	private static Path initialize(Kind kind) {
		Path directory = Directories.createTemporary("postgres");
		Runtime.getRuntime()
			.addShutdownHook(new Thread(() -> Directories.deleteInBackground(directory), "postgres-initialized"));
		Unprivileged.handOver(directory);
		Path data = directory.resolve("data");
		PostgresProcess.initialize(kind.binaries(), data, kind.authentication());
		return data;
	}

	private record Kind(PostgresBinaries binaries, boolean authentication) {

	}

}
