package com.example.recipes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page about recipes shows is what the tests run.
 */
class RecipesDocumentTests {

	private static final Pattern BLOCK = Pattern.compile("^```java\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

	@Test
	void sourcesContainWhatThePageShows() throws IOException {
		String sources;
		try (Stream<Path> files = Files.list(Path.of("src/test/java/com/example/recipes"))) {
			sources = files.map(RecipesDocumentTests::read).collect(Collectors.joining("\n"));
		}
		assertThat(BLOCK.matcher(Files.readString(Path.of("../docs/recipes.md"))).results()).hasSizeGreaterThan(7)
			.allSatisfy((block) -> assertThat(sources).contains(stripped(block.group(1))));
	}

	private static String read(Path file) {
		try {
			return stripped(Files.readString(file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String stripped(String source) {
		return source.lines().map(String::strip).filter((line) -> !line.isEmpty()).collect(Collectors.joining("\n"));
	}

}
