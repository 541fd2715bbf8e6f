package com.example.bank.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.example.bank.BankApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demonstration as a user runs it: a process of its own, and what it prints.
 */
class DemonstrationIntegrationTests {

	@TempDir
	private Path directory;

	@Test
	void demonstratesThatTheGuaranteesHold() throws Exception {
		Process process = demonstrate("--demo.duration=3s");
		boolean exited = process.waitFor(5, TimeUnit.MINUTES);
		process.destroyForcibly();
		String shown = shown();
		assertThat(exited).as("%s", shown).isTrue();
		assertThat(process.exitValue()).as("%s", shown).isZero();
		assertThat(shown).startsWith("Starting PostgreSQL")
			.containsSubsequence("| broken", "replies to COMMIT lost", "COMMITs lost", "all sessions ended",
					"server restarting", "server crashed", "network silent", "booked twice", "balances, actual");
		assertThat(shown.lines())
			.allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(80).matches("\\p{ASCII}*"));
		assertThat(shown).doesNotContain("ERROR", "WARN", "\u001b");
		List<String> end = shown.lines().toList();
		end = end.subList(end.size() - 3, end.size());
		assertThat(end.get(0)).matches("@Transactional: [1-9].* and [1-9].* booked\\.");
		assertThat(end.get(1)).matches("@Retryable: [1-9].* booked twice.*");
		assertThat(end.get(2)).startsWith("The guarantees of @RetryableTransaction held");
	}

	@Test
	@DisabledOnOs(OS.WINDOWS)
	void showsWhatCameOfItIfItIsCutShort() throws Exception {
		Process process = demonstrate("--demo.duration=5m");
		Awaitility.await().atMost(Duration.ofMinutes(5)).until(() -> shown().contains("  1s|"));
		process.destroy();
		boolean exited = process.waitFor(2, TimeUnit.MINUTES);
		process.destroyForcibly();
		String shown = shown();
		assertThat(exited).as("%s", shown).isTrue();
		assertThat(process.exitValue()).as("%s", shown).isEqualTo(3);
		assertThat(shown).containsSubsequence("Stopped early", "balances, actual",
				"The guarantees of @RetryableTransaction held");
	}

	private Process demonstrate(String argument) throws IOException {
		return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
				BankApplication.class.getName(), "--demo", argument)
			.redirectErrorStream(true)
			.redirectOutput(output().toFile())
			.start();
	}

	private Path output() {
		return this.directory.resolve("output");
	}

	private String shown() throws IOException {
		return Files.readString(output());
	}

}
