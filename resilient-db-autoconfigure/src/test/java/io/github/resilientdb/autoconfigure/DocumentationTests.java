package io.github.resilientdb.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.resilientdb.autoconfigure.Pages.Block;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests that the documentation shows what there is. What it shows of SQL is run by
 * {@link DocumentedStatementsIntegrationTests}.
 */
class DocumentationTests {

	// A plain block is a formula, a listing or output; each has a test of its own
	private static final Set<String> LANGUAGES = Set.of("", "java", "kotlin", "mermaid", "shell", "sql", "text", "xml",
			"yaml");

	@Test
	void blocksAreInLanguagesThatAreTested() {
		assertThat(Pages.blocks()).extracting(Block::language).isSubsetOf(LANGUAGES).contains("java", "yaml", "sql");
	}

	@ParameterizedTest
	@MethodSource("java")
	void javaOccursInTheSources(Block block) {
		String expected = Pages.withoutIndentation(block.text()).strip();
		assertThat(Pages.sources()).as(block.page())
			.anySatisfy((source) -> assertThat(Pages.withoutIndentation(source)).contains(expected));
	}

	static List<Block> java() {
		return Pages.blocks("java");
	}

	@ParameterizedTest
	@MethodSource("yaml")
	void configurationIsKnownAndValid(Block block) throws IOException {
		StandardEnvironment environment = new StandardEnvironment();
		new YamlPropertySourceLoader()
			.load(block.page(), new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)))
			.forEach(environment.getPropertySources()::addFirst);
		assertThat(new UnknownProperties(KnownProperties.ALL).find(environment)
			.stream()
			.filter((unknown) -> !unknown.name().startsWith("resilientdb.test."))).isEmpty();
		PropertyGroups groups = PropertyGroups.of(environment);
		assertThatNoException().isThrownBy(() -> {
			DurationUnits.check(groups);
			new PoolPropertiesReader(groups);
			CommitPropertiesReader.read(groups);
			new PropertiesRetrySettings(groups).get();
		});
	}

	static List<Block> yaml() {
		return Pages.blocks("yaml");
	}

	@Test
	void dependenciesAreModulesOfThisProject() {
		List<String> modules = Pages.modules().toList();
		for (Block block : Pages.blocks("xml")) {
			assertThat(Pages.matches("<artifactId>(.*?)</artifactId>", block.text()).map((match) -> match.group(1)))
				.as(block.page())
				.isNotEmpty()
				.isSubsetOf(modules);
		}
		for (Block block : Pages.blocks("kotlin")) {
			assertThat(Pages.matches("resilientdb:([\\w-]+):", block.text()).map((match) -> match.group(1)))
				.as(block.page())
				.isNotEmpty()
				.isSubsetOf(modules);
		}
	}

	@Test
	void commandsNameWhatThereIs() {
		String pom = Pages.read(Pages.ROOT.resolve("pom.xml"));
		List<String> modules = Pages.modules().toList();
		List<String> tests = Pages.modules()
			.flatMap((module) -> Pages.files(Pages.ROOT.resolve(module), "Tests.java"))
			.map((file) -> file.getFileName().toString().replace(".java", ""))
			.toList();
		String commands = Pages.blocks("shell").stream().map(Block::text).collect(Collectors.joining("\n"));
		assertThat(options("-pl ([\\w,-]+)", commands)).isNotEmpty().isSubsetOf(modules);
		assertThat(options("(?:-Dtest|-Dit\\.test)=([\\w,]+)", commands)).isNotEmpty().isSubsetOf(tests);
		assertThat(options("-P([\\w,]+)", commands)).isNotEmpty()
			.allSatisfy((profile) -> assertThat(pom).contains("<id>" + profile + "</id>"));
		assertThat(options("(?:^|\\| java |\\s)((?:etc|docs|\\.ci)/[\\w./-]+)", commands)).isNotEmpty()
			.allSatisfy((file) -> assertThat(Pages.ROOT.resolve(file)).exists());
	}

	private static Stream<String> options(String regex, String commands) {
		return Pages.matches(regex, commands).flatMap((match) -> Arrays.stream(match.group(1).split(",")));
	}

	@Test
	void linksLeadSomewhere() {
		List<Path> pages = new ArrayList<>(Pages.all());
		pages.addAll(List.of(Pages.ROOT.resolve("CHANGELOG.md"), Pages.ROOT.resolve("SECURITY.md")));
		for (Path page : pages) {
			String text = Pages.read(page);
			Stream<String> targets = Stream
				.concat(Pages.matches("\\]\\(([^)\\s:]+)\\)", text), Pages.matches("^\\[\\w+\\]: ([^:\\s]+)$", text))
				.map((match) -> match.group(1));
			assertThat(targets).as(page.toString()).allSatisfy((target) -> assertLeadsSomewhere(page, target));
		}
	}

	private static void assertLeadsSomewhere(Path page, String target) {
		int hash = target.indexOf('#');
		String file = (hash < 0) ? target : target.substring(0, hash);
		Path linked = file.isEmpty() ? page : page.resolveSibling(file);
		assertThat(linked).exists();
		if (hash >= 0 && Files.isRegularFile(linked)) {
			assertThat(Pages.matches("^#+ (.*)$", Pages.read(linked)).map((heading) -> Pages.anchor(heading.group(1))))
				.contains(target.substring(hash + 1));
		}
	}

	@Test
	void theIndexLeadsToEveryPage() {
		String index = Pages.read(Pages.ROOT.resolve("docs/README.md"));
		assertThat(Pages.files(Pages.ROOT.resolve("docs"), ".md")).map((page) -> page.getFileName().toString())
			.filteredOn((name) -> !name.equals("README.md"))
			.allSatisfy((name) -> assertThat(index).contains("(" + name + ")"));
	}

	@Test
	void classesThatAreWalkedThroughExist() {
		List<String> classes = Pages.files(Path.of("src/main/java"), ".java")
			.map((file) -> file.getFileName().toString().replace(".java", ""))
			.collect(Collectors.toCollection(ArrayList::new));
		classes.add("HikariDataSource");
		String text = Pages.read(Pages.ROOT.resolve("docs/architecture.md"))
				+ Pages.read(Pages.ROOT.resolve("CONTRIBUTING.md")).split("\n## Three walks\n")[1].split("\n## ")[0];
		assertThat(Pages.matches("`([A-Z]\\w+)[`.]", text).map((match) -> match.group(1))).isNotEmpty()
			.isSubsetOf(classes);
	}

	@Test
	void logLinesAreThoseThatAreLogged() {
		List<String> literals = Pages.literals();
		String operations = Pages.read(Pages.ROOT.resolve("docs/operations.md"));
		List<String> lines = Pages.matches("^\\| (?:DEBUG|INFO|WARN|ERROR) \\| (.*?) \\| ", operations)
			.flatMap(DocumentationTests::lines)
			.toList();
		assertThat(lines).isNotEmpty();
		assertThat(lines.stream().flatMap(DocumentationTests::fixedParts))
			.filteredOn((part) -> literals.stream().noneMatch((literal) -> literal.contains(part)))
			.as("not logged")
			.isEmpty();
	}

	private static Stream<String> lines(MatchResult row) {
		return Pages.matches("`([^`]+)`", row.group(1)).map((line) -> line.group(1));
	}

	// What is between the dots, as far as it can't come from somewhere else
	private static Stream<String> fixedParts(String line) {
		return Arrays.stream(line.split("[…();:,]"))
			.map((part) -> part.replaceAll("^[' ]+|[' ?.]+$", ""))
			.filter((part) -> part.length() > 2);
	}

	@Test
	void theLogOfTheQuickStartIsWhatIsLogged() {
		List<String> logged = Pages.literals()
			.stream()
			.filter((literal) -> literal.contains("{}"))
			.map((literal) -> Arrays.stream(literal.split("\\{}", -1))
				.map(Pattern::quote)
				.collect(Collectors.joining(".*")))
			.toList();
		assertThat(Pages.blocks("")).filteredOn((block) -> block.text().startsWith("Pool "))
			.singleElement()
			.satisfies((block) -> assertThat(logged).anyMatch((regex) -> block.text().strip().matches(regex)));
	}

}
