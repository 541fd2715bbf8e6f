package com.example.bank;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class BankApplicationIntegrationTests {

	@TempDir
	private Path directory;

	@Test
	void demonstratesThatTheGuaranteesHold() throws Exception {
		File output = this.directory.resolve("output").toFile();
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
				System.getProperty("java.class.path"), BankApplication.class.getName(), "--demo", "--demo.duration=9s")
			.redirectErrorStream(true)
			.redirectOutput(output)
			.start();
		boolean exited = process.waitFor(2, TimeUnit.MINUTES);
		process.destroy();
		String shown = Files.readString(output.toPath());
		assertThat(exited).as("%s", shown).isTrue();
		assertThat(process.exitValue()).as("%s", shown).isZero();
		assertThat(shown).containsSubsequence("what was broken", "all sessions ended", "server restarted",
				"server crashed and restarted", "balances, actual", "guarantees of @RetryableTransaction held");
		// a crash may leave an outcome that nobody can know, and that is said
		assertThat(shown.lines().filter((line) -> line.contains("ERROR")))
			.allMatch((line) -> line.contains("UnknownOutcomeLog"));
	}

}
