package io.github.resilientdb.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The open descriptors of this process, as Linux shows them. Elsewhere there are none.
 * <p>
 * Left out is what the class loader and the JDK open when it is needed first and keep for
 * good: archives of classes, the JDK's own files and devices, the socket at which it lets
 * agents attach.
 *
 * @param counts how many there are of each: sockets have an identity, pipes and event
 * queues only a kind
 */
record Descriptors(Map<String, Integer> counts) {

	private static final Path DIRECTORY = Path.of("/proc/self/fd");

	private static final List<Path> CONNECTIONS = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"),
			Path.of("/proc/net/unix"));

	private static final Predicate<String> KEPT_FOR_GOOD = Pattern
		.compile("\\.(jar|jmod|so|jsa|zip|class)( \\(deleted\\))?$|^/dev/|/lib/modules$|^"
				+ Pattern.quote(System.getProperty("java.home")))
		.asPredicate();

	private static final String ATTACHING = "/.java_pid";

	static {
		try {
			SocketChannel.open().close(); // makes the JDK open what it needs to close
											// sockets
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Descriptors now() {
		Map<String, Integer> counts = new HashMap<>();
		if (Files.isDirectory(DIRECTORY)) {
			targets().stream()
				.filter(KEPT_FOR_GOOD.negate())
				.forEach((target) -> counts.merge(target, 1, Integer::sum));
		}
		return new Descriptors(counts);
	}

	private static List<String> targets() {
		List<String> targets = new ArrayList<>();
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DIRECTORY)) {
			for (Path descriptor : descriptors) {
				String target = target(descriptor);
				if (!target.endsWith("/fd")) { // the one that reads the directory
					targets.add(target);
				}
			}
			return targets;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String target(Path descriptor) {
		try {
			String target = Files.readSymbolicLink(descriptor).toString();
			// the shared server's are others after its restart
			return target.startsWith("pipe:") ? "pipe" : target;
		}
		catch (IOException ex) {
			return "/fd"; // closed meanwhile
		}
	}

	List<Leak> since(Descriptors before) {
		List<Leak> leaks = new ArrayList<>();
		this.counts.forEach((target, count) -> {
			int more = count - before.counts.getOrDefault(target, 0);
			String description = (more > 0) ? describe(target) : "";
			if (more > 0 && !description.contains(ATTACHING)) {
				leaks.add(new Leak(Leak.Kind.DESCRIPTOR, ((more > 1) ? more + " × " : "") + description));
			}
		});
		return leaks;
	}

	/**
	 * Tell where a socket leads to.
	 */
	private static String describe(String target) {
		if (!target.startsWith("socket:[")) {
			return target;
		}
		String inode = target.substring("socket:[".length(), target.length() - 1);
		for (Path connections : CONNECTIONS) {
			for (String line : lines(connections)) {
				String[] fields = line.strip().split("\\s+");
				if (fields.length > 9 && fields[9].equals(inode)) {
					return "%s %s -> %s, state %s".formatted(target, address(fields[1]), address(fields[2]), fields[3]);
				}
				if (fields.length > 6 && fields[6].equals(inode)) {
					return target + " of the domain unix" + ((fields.length > 7) ? " at " + fields[7] : "");
				}
			}
		}
		return target + ", not connected";
	}

	private static List<String> lines(Path file) {
		try {
			return Files.readAllLines(file);
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	private static String address(String hexadecimal) {
		int colon = hexadecimal.indexOf(':');
		byte[] address = HexFormat.of().parseHex(hexadecimal.substring(0, colon));
		int last = address.length - 4; // the bytes of each word are reversed
		return "%d.%d.%d.%d:%d".formatted(address[last + 3] & 0xff, address[last + 2] & 0xff, address[last + 1] & 0xff,
				address[last] & 0xff, Integer.parseInt(hexadecimal.substring(colon + 1), 16));
	}

}
