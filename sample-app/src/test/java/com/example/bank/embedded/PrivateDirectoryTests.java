package com.example.bank.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

@DisabledOnOs(OS.WINDOWS)
class PrivateDirectoryTests {

	@TempDir
	private Path parent;

	@Test
	void isForOneUserAlone() throws Exception {
		Path directory = PrivateDirectory.open(this.parent, "ada");
		assertThat(directory).isEqualTo(this.parent.resolve("bank-ada"));
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
		assertThat(PrivateDirectory.open(this.parent, "ada")).isEqualTo(directory);
	}

	@Test
	void isNotOneThatOthersCanWriteTo() throws Exception {
		Path theirs = Files.createDirectory(this.parent.resolve("bank-ada"));
		Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThatIsPrivate(PrivateDirectory.open(this.parent, "ada"), theirs);
	}

	@Test
	void isNotOneThatALinkLeadsTo() throws Exception {
		Path target = Files.createDirectory(this.parent.resolve("target"));
		Path link = Files.createSymbolicLink(this.parent.resolve("bank-ada"), target);
		assertThatIsPrivate(PrivateDirectory.open(this.parent, "ada"), link);
	}

	private void assertThatIsPrivate(Path directory, Path refused) throws Exception {
		assertThat(directory).isNotEqualTo(refused).isDirectory();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwx------");
	}

}
