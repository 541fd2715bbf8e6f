package com.example.recipes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the page about recipes shows is what the tests run.
 */
class RecipesDocumentTests {

	@Test
	void sourcesContainWhatThePageShows() throws IOException {
		String sources = sources();
		assertThat(blocks("java")).hasSizeGreaterThan(7)
			.allSatisfy((block) -> assertThat(sources).contains(stripped(block)));
	}

	@Test
	void testsAreConfiguredAsThePageSays() throws IOException {
		String sources = sources();
		assertThat(blocks("yaml")).isNotEmpty().allSatisfy((block) -> {
			YamlPropertiesFactoryBean properties = new YamlPropertiesFactoryBean();
			properties.setResources(new ByteArrayResource(block.getBytes(StandardCharsets.UTF_8)));
			assertThat(properties.getObject()).isNotEmpty()
				.allSatisfy((name, value) -> assertThat(sources).contains("\"" + name + "=" + value + "\""));
		});
	}

	private static List<String> blocks(String language) throws IOException {
		return Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(Files.readString(Path.of("../docs/recipes.md")))
			.results()
			.map((block) -> block.group(1))
			.toList();
	}

	private static String sources() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("src/test/java/com/example/recipes"))) {
			return files.map(RecipesDocumentTests::read).collect(Collectors.joining("\n"));
		}
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
