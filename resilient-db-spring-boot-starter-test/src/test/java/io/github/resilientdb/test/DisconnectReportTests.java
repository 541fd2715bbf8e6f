package io.github.resilientdb.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DisconnectReport}.
 */
@ExtendWith(OutputCaptureExtension.class)
class DisconnectReportTests {

	private static final String NAME = DisconnectReportTests.class.getName();

	@TempDir
	private Path project;

	private DisconnectReport report;

	@BeforeEach
	void create() {
		this.report = new DisconnectReport(getClass(), this.project);
	}

	@Test
	void writesAllScenariosAsTextAndAsPageIntoMavensDirectory(CapturedOutput output) throws IOException {
		Matrix placing = this.report.begin("placing");
		placing.add(finding(1, FaultKind.REPLY_LOST, Verdict.SAME), true);
		this.report.begin("shipping").add(finding(1, FaultKind.REQUEST_LOST, Verdict.DIFFERENT), false);
		placing.add(finding(2, FaultKind.REPLY_LOST, Verdict.SAME), true);
		this.report.close();
		Path directory = this.project.resolve("target/disconnect-tests");
		String text = Files.readString(directory.resolve(NAME + ".txt"));
		assertThat(text).containsSubsequence("Disconnects in DisconnectReportTests", "placing: 2 of 2 runs",
				"shipping: 0 of 1 runs", "FAILED");
		assertThat(directory.resolve(NAME + ".html")).content()
			.containsSubsequence("<h2>placing</h2>", "<h2>shipping</h2>", "silently different");
		assertThat(output).contains(text, "As a page: " + directory.resolve(NAME + ".html"));
	}

	@Test
	void writesIntoGradlesDirectoryIfThereIsOnlyThat() throws IOException {
		Files.createDirectory(this.project.resolve("build"));
		this.report.close();
		assertThat(this.project.resolve("build/disconnect-tests/" + NAME + ".html")).exists();
		assertThat(this.project.resolve("target")).doesNotExist();
	}

	@Test
	void writesIntoMavensDirectoryIfThereAreBoth() throws IOException {
		Files.createDirectory(this.project.resolve("build"));
		Files.createDirectory(this.project.resolve("target"));
		this.report.close();
		assertThat(this.project.resolve("target/disconnect-tests/" + NAME + ".html")).exists();
		assertThat(this.project.resolve("build")).isEmptyDirectory();
	}

	@Test
	void tellsScenariosOfTheSameNameApartAndWhatNoneLookedAt() throws IOException {
		this.report.begin("placing").add(finding(1, FaultKind.REPLY_LOST, Verdict.DUPLICATED), false);
		this.report.begin("placing").add(finding(1, FaultKind.REPLY_LOST, Verdict.SAME), true);
		this.report.notLookedAt(List.of("Not looked at: b", "Not looked at: a"));
		this.report.notLookedAt(List.of("Not looked at: a"));
		this.report.begin("placing").refuse(new IllegalStateException("not twice the same\nat all"));
		this.report.close();
		assertThat(this.project.resolve("target/disconnect-tests/" + NAME + ".txt")).content()
			.containsSubsequence("Not looked at: a", "Not looked at: b", "placing: 0 of 1 runs", "FAILED",
					"placing #2: 1 of 1 runs", "ok", "placing #3: not run: not twice the same\n");
	}

	private static Finding finding(int number, FaultKind kind, Verdict verdict) {
		RoundTrip at = new RoundTrip(number, "db", List.of("insert into a values (1)"));
		return new Finding(at, kind, verdict, "", List.of(at), 1);
	}

}
