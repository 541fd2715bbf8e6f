package com.example.bank.embedded;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory in which the server's programs are unpacked: one for each user, whom
 * alone it lets in. The programs of a directory that others can write to would be theirs.
 */
final class PrivateDirectory {

	private static final String ONLY_ME = "rwx------";

	private PrivateDirectory() {
	}

	/**
	 * Open the directory of this user in the directory for temporary files.
	 * @return the directory, or one for this process alone if its name is taken
	 * @throws IOException if there can't be one
	 */
	static Path open() throws IOException {
		return open(Path.of(System.getProperty("java.io.tmpdir")), System.getProperty("user.name"));
	}

	static Path open(Path parent, String user) throws IOException {
		if (!parent.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			// Temporary files belong to the user there
			return Files.createDirectories(parent.resolve("bank-" + user));
		}
		Path directory = parent.resolve("bank-" + user);
		try {
			return Files.createDirectory(directory,
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(ONLY_ME)));
		}
		catch (FileAlreadyExistsException ex) {
			return isMine(directory) ? directory : Files.createTempDirectory(parent, "bank-");
		}
	}

	/**
	 * Let nobody else in.
	 * @param directory the directory
	 * @throws IOException if that is not possible
	 */
	static void close(Path directory) throws IOException {
		if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
			Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(ONLY_ME));
		}
	}

	private static boolean isMine(Path directory) throws IOException {
		PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class,
				LinkOption.NOFOLLOW_LINKS);
		Path mine = Files.createTempFile("bank", null);
		try {
			return attributes.isDirectory() && attributes.owner().equals(Files.getOwner(mine))
					&& PosixFilePermissions.toString(attributes.permissions()).equals(ONLY_ME);
		}
		finally {
			Files.delete(mine);
		}
	}

}
