package com.example.bank;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the README shows, and the reference lists, is what there is.
 */
class ReadmeTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern FENCE = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern ROW = Pattern.compile("^\\| `(resilientdb\\.[^`]+)` \\| ([^|]+) \\|",
			Pattern.MULTILINE);

	private final String readme = read(ROOT.resolve("README.md"));

	@Test
	void javaOccursInTheSources() {
		List<String> sources = sources();
		assertThat(blocks("java")).isNotEmpty()
			.allSatisfy((block) -> assertThat(sources)
				.anySatisfy((source) -> assertThat(withoutIndentation(source)).contains(withoutIndentation(block))));
	}

	@Test
	void dependencyIsTheStarter() throws Exception {
		Element starter = parse(ROOT.resolve("resilient-db-spring-boot-starter/pom.xml"));
		Element parent = (Element) starter.getElementsByTagName("parent").item(0);
		String group = text(parent, "groupId");
		String version = text(parent, "version");
		String artifact = ROOT.resolve("resilient-db-spring-boot-starter").getFileName().toString();
		assertThat(blocks("xml")).singleElement()
			.satisfies((block) -> assertThat(block.replaceAll("\\s", "")).isEqualTo(
					"<dependency><groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version></dependency>"
						.formatted(group, artifact, version)));
		assertThat(blocks("kotlin"))
			.containsExactly("implementation(\"%s:%s:%s\")\n".formatted(group, artifact, version));
	}

	@Test
	void commandsAreThoseOfTheContinuousIntegration() {
		List<String> executed = read(ROOT.resolve(".ci/run")).lines().map((line) -> words(line.trim())).toList();
		assertThat(blocks("shell").stream().flatMap(String::lines)).isNotEmpty()
			.allSatisfy((command) -> assertThat(executed)
				.anySatisfy((line) -> assertThat(line).startsWith(words(command))));
	}

	@Test
	void configurationIsKnown() throws Exception {
		Map<String, Property> properties = properties();
		for (String block : blocks("yaml")) {
			assertThat(yaml(block)).isNotEmpty();
			assertThat(properties.keySet()).containsAll(yaml(block));
		}
	}

	@Test
	void listsEveryPropertyWithItsDefault() throws Exception {
		Map<String, String> documented = new TreeMap<>();
		ROW.matcher(read(ROOT.resolve("docs/reference.md")))
			.results()
			.forEach((row) -> documented.put(row.group(1).replace(".<bean name>.*", ""), code(row.group(2))));
		Map<String, String> actual = properties().values()
			.stream()
			.filter((property) -> property.name().startsWith("resilientdb."))
			.collect(Collectors.toMap(Property::name, Property::defaultValue, (one, other) -> one, TreeMap::new));
		assertThat(documented).isEqualTo(actual);
	}

	@Test
	void linksLeadToFiles() {
		Matcher link = Pattern.compile("\\]\\(([^)#:]+)\\)|^\\[\\w+\\]: ([^#:\\n]+)$", Pattern.MULTILINE)
			.matcher(this.readme);
		assertThat(link.results().map((result) -> (result.group(1) != null) ? result.group(1) : result.group(2)))
			.isNotEmpty()
			.allSatisfy((target) -> assertThat(ROOT.resolve(target)).exists());
	}

	/**
	 * Return the code blocks of the README.
	 * @param language their language
	 * @return their contents
	 */
	static List<String> blocks(String language) {
		return FENCE.matcher(read(ROOT.resolve("README.md")))
			.results()
			.filter((block) -> block.group(1).equals(language))
			.map((block) -> block.group(2))
			.toList();
	}

	private static String code(String cell) {
		return cell.startsWith("`") ? cell.replace("`", "").trim() : "";
	}

	/**
	 * The command without its quotes, and without what changes its output only.
	 */
	private static String words(String command) {
		return Arrays.stream(command.replaceAll("[\"']", "").split("\\s+"))
			.filter((word) -> !List.of("-B", "-ntp", "-q", "$@").contains(word))
			.collect(Collectors.joining(" "));
	}

	private static String withoutIndentation(String source) {
		return source.lines().map(String::strip).collect(Collectors.joining("\n"));
	}

	private static List<String> sources() {
		try (Stream<Path> files = Files.walk(Path.of("src"))) {
			return files.filter((file) -> file.toString().endsWith(".java") && !file.endsWith("ReadmeTests.java"))
				.map(ReadmeTests::read)
				.toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Collection<String> yaml(String block) throws IOException {
		List<String> names = new ArrayList<>();
		for (PropertySource<?> source : new YamlPropertySourceLoader().load("README",
				new ByteArrayResource(block.getBytes()))) {
			names.addAll(List.of(((EnumerablePropertySource<?>) source).getPropertyNames()));
		}
		return names;
	}

	private static Map<String, Property> properties() throws IOException {
		Map<String, Property> properties = new HashMap<>();
		for (Resource resource : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:META-INF/spring-configuration-metadata.json")) {
			for (JsonNode node : new JsonMapper().readTree(resource.getContentAsByteArray()).path("properties")) {
				Property property = Property.of(node);
				properties.put(property.name(), property);
			}
		}
		return properties;
	}

	private static Element parse(Path pom) throws Exception {
		Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
		return document.getDocumentElement();
	}

	private static String text(Element element, String name) {
		return element.getElementsByTagName(name).item(0).getTextContent();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Property(String name, String defaultValue) {

		static Property of(JsonNode node) {
			JsonNode value = node.path("defaultValue");
			String defaultValue = value.isArray()
					? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
					: value.isMissingNode() ? "" : value.asString();
			return new Property(node.path("name").asString(), defaultValue);
		}

	}

}
