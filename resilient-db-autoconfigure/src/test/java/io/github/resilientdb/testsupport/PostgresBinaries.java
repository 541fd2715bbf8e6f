package io.github.resilientdb.testsupport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.assertj.core.api.Assumptions;

/**
 * Where the programs of PostgreSQL are: of the version on the classpath, of another
 * version whose jar the build has copied to a directory, or installed in the system.
 *
 * @param home the directory with {@code bin} in it
 */
record PostgresBinaries(Path home) {

	private static final ConcurrentHashMap<String, PostgresBinaries> EXTRACTED = new ConcurrentHashMap<>();

	private static final Path JARS = Path
		.of(System.getProperty("resilientdb.test.postgres-binaries", "target/postgres-binaries"));

	PostgresBinaries {
		if (!Files.isExecutable(home.resolve("bin/postgres"))) {
			throw new IllegalArgumentException("Invalid home (" + home + "): must contain bin/postgres");
		}
	}

	Path initdb() {
		return this.home.resolve("bin/initdb");
	}

	Path postgres() {
		return this.home.resolve("bin/postgres");
	}

	static PostgresBinaries fromClasspath() {
		return EXTRACTED.computeIfAbsent("classpath", (key) -> {
			try (InputStream archive = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(operatingSystem(),
					machine())) {
				return extract(archive.readAllBytes());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	/**
	 * Return the binaries of a version from a jar that the build copied; skip the test if
	 * there is none.
	 * @param version a version or its beginning, such as {@code 14}
	 * @return the binaries
	 */
	static PostgresBinaries ofVersion(String version) {
		List<Path> jars = jars(version);
		Assumptions.assumeThat(jars).as("jars with the binaries of PostgreSQL %s in %s", version, JARS).isNotEmpty();
		return EXTRACTED.computeIfAbsent(version, (key) -> fromJar(jars.get(0)));
	}

	/**
	 * Return the binaries installed in a directory; skip the test if there are none.
	 * @param home the directory, such as {@code /usr/lib/postgresql/15}
	 * @return the binaries
	 */
	static PostgresBinaries installedIn(Path home) {
		Assumptions.assumeThat(Files.isExecutable(home.resolve("bin/postgres")))
			.as("PostgreSQL is installed in %s", home)
			.isTrue();
		return new PostgresBinaries(home);
	}

	private static List<Path> jars(String version) {
		if (!Files.isDirectory(JARS)) {
			return List.of();
		}
		try (Stream<Path> files = Files.list(JARS)) {
			return files.filter((file) -> file.getFileName().toString().matches(".*-" + version + "[.].*jar")).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static PostgresBinaries fromJar(Path jar) {
		try (ZipFile zip = new ZipFile(jar.toFile())) {
			Enumeration<? extends ZipEntry> entries = zip.entries();
			while (entries.hasMoreElements()) {
				ZipEntry entry = entries.nextElement();
				if (entry.getName().endsWith(".txz")) {
					return extract(zip.getInputStream(entry).readAllBytes());
				}
			}
			throw new IllegalStateException("No .txz in " + jar);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String operatingSystem() {
		return (System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux");
	}

	private static String machine() {
		String machine = System.getProperty("os.arch");
		return ("amd64".equals(machine) ? "x86_64" : machine);
	}

	/**
	 * Extract an archive once per content and user, also when several JVMs start
	 * together: the finished directory appears by an atomic rename.
	 */
	private static PostgresBinaries extract(byte[] archive) throws IOException {
		CRC32 checksum = new CRC32();
		checksum.update(archive);
		Path parent = Path.of(System.getProperty("java.io.tmpdir"));
		Path home = parent.resolve("postgres-binaries-%s-%08x-%d".formatted(System.getProperty("user.name"),
				checksum.getValue(), archive.length));
		if (!Files.isDirectory(home)) {
			Path unfinished = Files.createTempDirectory(parent, "postgres-binaries");
			untar(archive, unfinished);
			publish(unfinished, home);
		}
		return new PostgresBinaries(home);
	}

	private static void publish(Path unfinished, Path home) throws IOException {
		Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rwxr-xr-x"));
		try {
			Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			if (!Files.isDirectory(home)) {
				throw ex;
			}
			Directories.delete(unfinished); // another JVM was faster
		}
	}

	private static void untar(byte[] archive, Path directory) throws IOException {
		try (TarArchiveInputStream tar = new TarArchiveInputStream(
				new XZCompressorInputStream(new ByteArrayInputStream(archive)))) {
			TarArchiveEntry entry = tar.getNextEntry();
			while (entry != null) {
				write(tar, entry, directory);
				entry = tar.getNextEntry();
			}
		}
	}

	private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path directory) throws IOException {
		Path file = directory.resolve(entry.getName()).normalize();
		if (!file.startsWith(directory)) {
			throw new IOException("Entry outside of the archive: " + entry.getName());
		}
		if (entry.isDirectory()) {
			Files.createDirectories(file);
			return;
		}
		Files.createDirectories(file.getParent());
		if (entry.isSymbolicLink()) {
			Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
			return;
		}
		Files.copy(tar, file);
		boolean executable = (entry.getMode() & 0100) != 0;
		Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
	}

}
