package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How many descriptors of the network this process has: sockets, and what waits for them.
 * Files come and go with classes that are loaded.
 *
 * @param count how many
 */
public record NetworkDescriptors(long count) {

	private static final Path DIRECTORY = Path.of("/proc/self/fd");

	public static boolean areKnown() {
		return Files.isDirectory(DIRECTORY);
	}

	public static NetworkDescriptors now() {
		try (Stream<Path> entries = Files.list(DIRECTORY)) {
			return new NetworkDescriptors(entries.filter(NetworkDescriptors::isOfNetwork).count());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static boolean isOfNetwork(Path entry) {
		try {
			String target = Files.readSymbolicLink(entry).toString();
			return target.startsWith("socket:") || target.startsWith("anon_inode:");
		}
		catch (IOException ex) {
			return false; // closed meanwhile
		}
	}

	public long since(NetworkDescriptors before) {
		return this.count - before.count;
	}

}
