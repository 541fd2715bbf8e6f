package io.github.resilientdb.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.resilientdb.test.FaultKind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the documentation of the test kit shows is what tests run.
 */
class DocumentedTestKitTests {

	private static final Pattern JAVA = Pattern.compile("^```java\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

	private final String documentation = read(Path.of("..", "docs", "test-kit.md"));

	@Test
	void snippetsOccurInTests() {
		List<String> tests = Stream
			.of("../sample-app/src/test/java/com/example/bank/TransferServiceDisconnectIntegrationTests.java",
					"src/test/java/io/github/resilientdb/sweep/DisconnectsIntegrationTests.java")
			.map(Path::of)
			.map(DocumentedTestKitTests::read)
			.toList();
		List<MatchResult> snippets = JAVA.matcher(this.documentation).results().toList();
		assertThat(snippets).hasSize(2)
			.allSatisfy(
					(snippet) -> assertThat(tests).anySatisfy((test) -> assertThat(test).contains(snippet.group(1))));
	}

	@Test
	void everyKindIsExplained() {
		assertThat(FaultKind.values())
			.allSatisfy((kind) -> assertThat(this.documentation).contains("| `" + kind.name() + "` |"));
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
