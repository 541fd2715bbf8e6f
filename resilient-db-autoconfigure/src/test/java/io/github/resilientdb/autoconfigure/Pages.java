package io.github.resilientdb.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pages of the documentation, and the sources of the project.
 */
final class Pages {

	static final Path ROOT = Path.of("..");

	private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");

	private Pages() {
	}

	static List<Path> all() {
		return Stream
			.concat(Stream.of("README.md", "CONTRIBUTING.md", "benchmarks/README.md").map(ROOT::resolve),
					files(ROOT.resolve("docs"), ".md"))
			.toList();
	}

	static List<Block> blocks() {
		return all().stream()
			.flatMap((page) -> BLOCK.matcher(read(page))
				.results()
				.map((block) -> new Block(page.toString(), block.group(1), block.group(2))))
			.toList();
	}

	static List<Block> blocks(String language) {
		return blocks().stream().filter((block) -> block.language().equals(language)).toList();
	}

	/**
	 * Return the Java sources of all modules, tests included.
	 */
	static List<String> sources() {
		return modules().flatMap((module) -> files(ROOT.resolve(module).resolve("src"), ".java"))
			.map(Pages::read)
			.toList();
	}

	static Stream<String> modules() {
		return Pattern.compile("<module>(.*?)</module>")
			.matcher(read(ROOT.resolve("pom.xml")))
			.results()
			.map((module) -> module.group(1));
	}

	/**
	 * Return the literals of what is published, those that are put together from several
	 * lines as one.
	 */
	static List<String> literals() {
		return files(Path.of("src/main/java"), ".java").map(Pages::read)
			.map((source) -> source.replaceAll("\"\\s*\\R\\s*\\+ \"", ""))
			.flatMap((source) -> LITERAL.matcher(source).results().map((literal) -> literal.group(1)))
			.toList();
	}

	static Stream<Path> files(Path directory, String ending) {
		if (!Files.isDirectory(directory)) {
			return Stream.empty();
		}
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter((file) -> file.toString().endsWith(ending)).toList().stream();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Stream<MatchResult> matches(String regex, CharSequence text) {
		return Pattern.compile(regex, Pattern.MULTILINE).matcher(text).results();
	}

	static String withoutIndentation(String text) {
		return text.lines().map(String::strip).collect(Collectors.joining("\n"));
	}

	/**
	 * Return the anchor that a heading has.
	 */
	static String anchor(String heading) {
		return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
	}

	/**
	 * A block of code.
	 *
	 * @param page the page that has it
	 * @param language its language, perhaps empty
	 * @param text the code
	 */
	record Block(String page, String language, String text) {

	}

}
